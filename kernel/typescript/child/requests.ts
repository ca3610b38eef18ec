import { decodeAnswer, encode, type RpcClient, RpcError } from '../../../src/client.js';
import type { ToChild } from '../messages.js';
import { currentCell } from './cell-context.js';
import { send } from './channel.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const waiting = new Map<number, Waiting>();
let lastId = 0;

/** Calls of the front, each in the name of the calling cell and cancelled with it. */
export const rpc: RpcClient = {
  request: async (method, params, { signal } = {}) => {
    // What is no data is an error of the call, before anything is sent.
    const encoded = encode(params, `what ${method} was given`);
    return ask((id, cellId) => send({ type: 'request', id, ...cellId, method, params: encoded }), signal);
  },
};

/** A line from the person at the notebook. */
export function input(prompt = '', { password = false }: { password?: boolean } = {}): Promise<string> {
  return ask((id, cellId) =>
    send({ type: 'input', id, ...cellId, prompt: String(prompt), password }),
  ) as Promise<string>;
}

function ask(start: (id: number, cellId: { cellId?: string }) => void, own?: AbortSignal): Promise<unknown> {
  const cell = currentCell();
  const signals = [own, cell?.signal].filter(signal => signal !== undefined);
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const cancel = (event: Event) => {
      send({ type: 'cancel', id });
      settle(id)?.reject((event.target as AbortSignal).reason);
    };
    const settled = () => {
      for (const signal of signals) signal.removeEventListener('abort', cancel);
    };
    const aborted = signals.find(signal => signal.aborted);
    // Later, so that a loop that swallows the error still lets other things run.
    if (aborted) return void setImmediate(() => reject(aborted.reason));
    for (const signal of signals) signal.addEventListener('abort', cancel, { once: true });
    const caller: { stack?: string } = {};
    Error.captureStackTrace(caller, ask);
    waiting.set(id, {
      resolve: value => {
        settled();
        resolve(value);
      },
      reject: error => {
        settled();
        // The answer arrived in nobody's name; what the user wants to see is his call.
        if (error instanceof RpcError)
          error.stack = `${error}\n${caller.stack!.split('\n').slice(1).join('\n')}`;
        reject(error);
      },
    });
    start(id, cell?.cellId === undefined ? {} : { cellId: cell.cellId });
  });
}

function settle(id: number): Waiting | undefined {
  const one = waiting.get(id);
  waiting.delete(id);
  return one;
}

export function receiveAnswer({ id, answer }: Extract<ToChild, { type: 'answer' }>): void {
  const call = settle(id);
  if (!call) return;
  try {
    call.resolve(decodeAnswer(answer));
  } catch (error) {
    call.reject(error);
  }
}
