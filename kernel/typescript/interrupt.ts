import type { EvaluatorProcess } from './evaluator-process.js';

/** Milliseconds after which an interrupt turns to the programs that a cell waits for. */
const PROGRAMS_AFTER = 180;
/** Milliseconds after which it is sent again: what stopped may have begun something else. */
const AGAIN_AFTER = [1000, 2000, 4000, 8000];
/** Milliseconds after which the cell says what is waited for, and after which the evaluator is given up. */
const SAY_AFTER = 1000;
const KILL_AFTER = 10_000;
/** A second interrupt within so many milliseconds is a double click. */
const DOUBLE_CLICK = 300;

/**
 * One cell's interrupt until the cell is over. A busy machine may need seconds to stop the code, and killing the evaluator costs
 * the variables of the notebook: so that comes last, or when the user asks for it by another interrupt.
 */
export class Interrupt {
  readonly #timers: NodeJS.Timeout[];
  readonly #began = performance.now();

  constructor(
    private readonly process: EvaluatorProcess,
    id: number,
    say: (text: string) => void,
  ) {
    process.interrupt(id);
    const after = (delay: number, action: () => void) => setTimeout(action, delay).unref();
    this.#timers = [
      after(PROGRAMS_AFTER, () => process.interruptPrograms()),
      ...AGAIN_AFTER.map(delay => after(delay, () => process.interrupt(id))),
      after(SAY_AFTER, () => say(waiting)),
      after(KILL_AFTER, () => process.kill(`was killed, as the code had not stopped within ${seconds} s`)),
    ];
  }

  /** The user asks for it, whether for the first time or again. */
  again(): void {
    if (performance.now() - this.#began > DOUBLE_CLICK)
      this.process.kill('was killed by the second interrupt');
  }

  over(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

const seconds = KILL_AFTER / 1000;
const waiting = `interrupted: waiting up to ${seconds} s for the code to stop, so that the variables are kept. A second interrupt ends the evaluator at once, and the variables are lost.\n`;
