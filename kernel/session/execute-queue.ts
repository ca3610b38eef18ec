import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Exchange } from './exchange.js';
import { Unaware } from './unaware.js';

/** Milliseconds without another cell after which a client is taken to have sent all, and the most to wait for that. */
const QUIET = 25;
const LONGEST = 1000;

/** A cell that has run, and whose reply is still to be sent. */
export interface Ended {
  /** Those that wait behind it must not run. */
  failed: boolean;
  answer(): void;
}

export interface ExecuteSteps {
  /** Never rejects. */
  run(exchange: Exchange): Promise<Ended>;
  /** Answers a cell that is not run; `why` follows "not run, as". */
  abort(exchange: Exchange, why: string): void;
}

const FAILED = 'a cell before it failed';

/** The cells of a shell, one after the other. */
export class ExecuteQueue {
  readonly #waiting: Exchange[] = [];
  #draining = false;
  #unaware: Unaware | undefined;

  constructor(private readonly steps: ExecuteSteps) {}

  add(exchange: Exchange): void {
    if (this.#unaware?.includes(exchange)) {
      this.steps.abort(exchange, FAILED);
      return;
    }
    this.#waiting.push(exchange);
    if (!this.#draining) void this.#drain();
  }

  /** Aborts all that have not begun. */
  clear(why: string): void {
    for (const exchange of this.#waiting.splice(0)) this.steps.abort(exchange, why);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const ended = await this.steps.run(next);
      if (ended.failed) await this.#arrivals();
      if (ended.failed) this.#unaware = new Unaware(next, this.#waiting);
      ended.answer();
      if (ended.failed) this.clear(FAILED);
    }
    this.#draining = false;
  }

  /** Waits for the rest of what is being sent at once: what arrives before the answer was surely sent without knowing it. */
  async #arrivals(): Promise<void> {
    const end = Date.now() + LONGEST;
    for (let before = -1; before < this.#waiting.length && Date.now() < end; ) {
      before = this.#waiting.length;
      await setTimeout(QUIET);
      // The sockets have been looked at since.
      await setImmediate();
    }
  }
}
