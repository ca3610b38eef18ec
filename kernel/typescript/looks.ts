import type { ToChild } from './messages.js';

/** Milliseconds after which a look is given up: the evaluator is busy with a cell. */
const PATIENCE = 300;

/** Looks at what variables hold, as far as the evaluator can tell without running code. */
export class Looks {
  #lastId = 0;
  readonly #waiting = new Map<number, (seen: unknown) => void>();

  /** Undefined when there is no answer soon. */
  look<Seen>(
    question: (id: number) => ToChild,
    send: (message: ToChild) => void,
    patienceMs = PATIENCE,
  ): Promise<Seen | undefined> {
    const id = ++this.#lastId;
    return new Promise(resolve => {
      const patience = setTimeout(() => this.seen(id, undefined), patienceMs);
      this.#waiting.set(id, seen => {
        clearTimeout(patience);
        resolve(seen as Seen | undefined);
      });
      send(question(id));
    });
  }

  seen(id: number, seen: unknown): void {
    this.#waiting.get(id)?.(seen);
    this.#waiting.delete(id);
  }

  giveUp(): void {
    for (const id of this.#waiting.keys()) this.seen(id, undefined);
  }
}
