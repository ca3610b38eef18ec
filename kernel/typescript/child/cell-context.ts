import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { InterruptedError } from '../../../src/client.js';

/** The cell on whose behalf code runs: what it prints, shows and asks for belongs to that cell, also later. */
export class CellContext {
  readonly #controller = new AbortController();

  constructor(readonly cellId: string | undefined) {
    setMaxListeners(0, this.#controller.signal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  interrupt(): void {
    this.#controller.abort(new InterruptedError());
  }
}

const storage = new AsyncLocalStorage<CellContext>();

export function runIn<T>(context: CellContext, action: () => T): T {
  return storage.run(context, action);
}

/** The calling code's cell; undefined for code that no cell caused. */
export function currentCell(): CellContext | undefined {
  return storage.getStore();
}
