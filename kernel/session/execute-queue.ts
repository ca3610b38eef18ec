import { setImmediate } from 'node:timers/promises';
import type { Exchange } from './exchange.js';

export interface ExecuteSteps {
  /** Runs a cell and answers it; false when those that wait behind it must not run. Never rejects. */
  run(exchange: Exchange): Promise<boolean>;
  /** Answers a cell that is not run because one before it failed. */
  abort(exchange: Exchange): void;
}

/** The cells of a shell, one after the other. */
export class ExecuteQueue {
  readonly #waiting: Exchange[] = [];
  #draining = false;

  constructor(private readonly steps: ExecuteSteps) {}

  add(exchange: Exchange): void {
    this.#waiting.push(exchange);
    if (!this.#draining) void this.#drain();
  }

  /** Aborts all that have not begun. */
  clear(): void {
    for (const exchange of this.#waiting.splice(0)) this.steps.abort(exchange);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (await this.steps.run(next)) continue;
      // What "Run All" has sent already may still lie in the socket.
      await setImmediate();
      this.clear();
    }
    this.#draining = false;
  }
}
