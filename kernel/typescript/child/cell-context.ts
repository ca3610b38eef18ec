import { AsyncLocalStorage } from 'node:async_hooks';
import { InterruptedError, sharedController } from '../../../src/client.js';
import { Stop, stop } from './stop.js';

/** The cell on whose behalf code runs: what it prints, shows and asks for belongs to that cell, also later. */
export class CellContext {
  /** Whether its outcome is known; its timers and promises may go on. */
  ended = false;
  #controller: AbortController | undefined;
  #interrupted: InterruptedError | undefined;
  #leave = (_reason: InterruptedError) => {};

  constructor(readonly cellId: string | undefined) {}

  get interrupted(): boolean {
    return this.#interrupted !== undefined;
  }

  /** Made for those who ask: most cells are over before anybody does. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = sharedController();
      if (this.#interrupted) this.#controller.abort(this.#interrupted);
    }
    return this.#controller.signal;
  }

  /**
   * Runs the cell's code in its name; rejects with InterruptedError as soon as it is interrupted, while the code itself may go
   * on: its promise may never settle once it was terminated.
   */
  run<T>(action: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#leave = reject;
      storage.run(this, action).then(resolve, reject);
    });
  }

  interrupt(): void {
    this.#interrupted ??= new InterruptedError();
    this.#leave(this.#interrupted);
    this.#controller?.abort(this.#interrupted);
  }
}

const storage = new AsyncLocalStorage<CellContext>();

/** For code that did not hear of an interrupt, because it looped or was blocked: the watchdog asked it to stop meanwhile. */
export function throwWhenStopped(): void {
  if (stop[0] === Stop.none) return;
  stop[0] = Stop.done;
  throw new InterruptedError();
}

/** For code that goes on after its cell was interrupted. */
export function throwWhenInterrupted(): void {
  if (currentCell()?.interrupted) throw new InterruptedError();
}

/** The calling code's cell; undefined for code that no cell caused. */
export function currentCell(): CellContext | undefined {
  return storage.getStore();
}
