import {
  decode,
  encodeAnswer,
  type RpcAnswer,
  type RpcHandler,
  sharedController,
  toRpcError,
} from '../../src/client.js';
import type { CellOutputs } from './cell-outputs.js';
import type { ToChild, ToFront } from './messages.js';

type Call = Extract<ToFront, { type: 'request' | 'input' }>;

/** Calls that cells make of the front: what the driver serves, and questions to the person at the notebook. */
export class Calls {
  readonly #open = new Map<number, AbortController>();

  constructor(
    private readonly rpc: RpcHandler,
    private readonly outputs: CellOutputs,
  ) {}

  /** Answers a call, whatever comes of it, unless it was cancelled. */
  async serve(call: Call, answer: (message: ToChild) => void): Promise<void> {
    const { id } = call;
    const controller = sharedController();
    this.#open.set(id, controller);
    const result = await this.#result(call, controller.signal).then(
      (value): RpcAnswer => ({ value }),
      (error): RpcAnswer => ({ error: toRpcError(error) }),
    );
    // A new evaluator numbers its calls from the beginning again.
    if (this.#open.get(id) !== controller) return;
    this.#open.delete(id);
    answer({ type: 'answer', id, answer: encodeAnswer(result) });
  }

  cancel(id: number): void {
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }

  cancelAll(): void {
    for (const id of this.#open.keys()) this.cancel(id);
  }

  async #result(call: Call, signal: AbortSignal): Promise<unknown> {
    const { cellId } = call;
    if (call.type === 'request') {
      const params = decode(call.params);
      return this.rpc(call.method, params, { signal, ...(cellId === undefined ? {} : { cellId }) });
    }
    const output = this.outputs.of(cellId);
    if (!output) throw new Error('no cell is there to ask');
    return output.input(call.prompt, { password: call.password, signal });
  }
}
