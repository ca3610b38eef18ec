import { decode, encode } from './codec.js';
import { messageOf, NxcError } from './errors.js';

/** Calls between the front and its child processes (TypeScript cells, Python test scripts): JSON-RPC 2.0 in spirit. */
export interface RpcClient {
  /** Rejects with an RpcError that carries the other side's error name, message and data. */
  request(method: string, params: unknown, options?: { signal?: AbortSignal }): Promise<unknown>;
}

export interface RpcCall {
  signal: AbortSignal;
  /** Message id of the cell whose code made the call: what it shows goes there. */
  cellId?: string;
}

/** Serves requests. What it takes and returns is data, as codec.ts takes it across. */
export type RpcHandler = (method: string, params: unknown, call: RpcCall) => Promise<unknown>;

export interface RpcErrorShape {
  /** Class name of the error on the other side: `AssertionFailed`, `TransportError`, … */
  name: string;
  message: string;
  /** True when the user can act on it (NxcError): no stack is shown. */
  user: boolean;
  stack?: string;
  data?: unknown;
}

/** An error as it travels. An error may say what its `data` is by a property of that name. */
export function toRpcError(error: unknown): RpcErrorShape {
  if (!(error instanceof Error)) return { name: 'Error', message: messageOf(error), user: false };
  const { data } = error as { data?: unknown };
  const user = error instanceof NxcError || (error instanceof RpcError && error.user);
  return {
    name: error.name,
    message: error.message,
    user,
    ...(user ? {} : { stack: error.stack }),
    ...(data === undefined ? {} : { data }),
  };
}

/** What a call ended with. */
export type RpcAnswer = { value: unknown } | { error: RpcErrorShape };

/** An answer on its way. A value that is no data becomes an error: an answer always arrives. */
export function encodeAnswer(answer: RpcAnswer): string {
  try {
    return encode(answer, 'the answer');
  } catch (error) {
    if ('value' in answer) return encode({ error: toRpcError(error) });
    return encode({ error: { ...answer.error, data: undefined } });
  }
}

/** The value; an RpcError when the answer is one. */
export function decodeAnswer(text: string): unknown {
  const answer = decode(text) as RpcAnswer;
  if ('error' in answer) throw new RpcError(answer.error);
  return answer.value;
}

/** An error that happened on the other side of a call. */
export class RpcError extends Error {
  readonly user: boolean;
  readonly data: unknown;
  /** The stack on the other side, for errors that are bugs. */
  readonly remoteStack?: string;

  constructor(shape: RpcErrorShape) {
    super(shape.message);
    this.name = shape.name;
    this.user = shape.user;
    this.data = shape.data;
    if (shape.stack) this.remoteStack = shape.stack;
  }
}
