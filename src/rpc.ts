/** Calls between the front and its child processes (TypeScript cells, Python test scripts): JSON-RPC 2.0 in spirit. */
export interface RpcClient {
  /** Rejects with an RpcError that carries the other side's error name, message and data. */
  request(method: string, params: unknown, options?: { signal?: AbortSignal }): Promise<unknown>;
}

/** Serves requests. What it returns and takes is JSON (Buffers travel as `{"$base64": "…"}`). */
export type RpcHandler = (method: string, params: unknown, call: { signal: AbortSignal }) => Promise<unknown>;

export interface RpcErrorShape {
  /** Class name of the error on the other side: `AssertionFailed`, `TransportError`, … */
  name: string;
  message: string;
  /** True when the user can act on it (NxcError): no stack is shown. */
  user: boolean;
  stack?: string;
  data?: unknown;
}
