import type { Display, Renderable, Shown } from '../../src/index.js';
import { withoutOptions } from './ipynb/cell-options.js';
import type { CodeCell } from './ipynb/notebook.js';
import type { CellState, RunObserver } from './run-notebook.js';

/** Milliseconds between two drawings of a running cell's clock. */
const TICK_MS = 200;

const MARKS = {
  running: '\x1b[36m▶\x1b[0m',
  done: '\x1b[32m✔\x1b[0m',
  failed: '\x1b[31m✘\x1b[0m',
  interrupted: '\x1b[33m■\x1b[0m',
  kept: '\x1b[2m✔\x1b[0m',
  skipped: '\x1b[2m↷\x1b[0m',
};

/** In place of the time that it took. */
const WORDS: Partial<Record<keyof typeof MARKS, string>> = { skipped: 'not run', kept: 'ran before' };

/** One line a cell: `✔  3/12  %nxc start  1.2 s`. The line of the running cell is live. */
export class RunProgress implements RunObserver {
  readonly #display: Display;
  #shown: Shown | undefined;
  #line: CellLine | undefined;
  #clock: NodeJS.Timeout | undefined;

  constructor(display: Display) {
    this.#display = display;
  }

  cellStarted(cell: CodeCell, index: number, total: number): void {
    this.#line = new CellLine(index, total, firstLine(cell.source));
    this.#shown = this.#display.show(this.#line);
    this.#clock = setInterval(() => this.#shown?.update(this.#line!), TICK_MS).unref();
  }

  cellEnded(_cell: CodeCell, state: CellState): void {
    clearInterval(this.#clock);
    if (!this.#line || !this.#shown) return;
    this.#line.end(state);
    this.#shown.update(this.#line);
  }

  warn(message: string): void {
    this.#display.write(`\x1b[33mwarning:\x1b[0m ${message}\n`, 'stderr');
  }
}

class CellLine implements Renderable {
  #state: keyof typeof MARKS = 'running';
  readonly #began = performance.now();
  #elapsed: number | undefined;

  constructor(
    readonly index: number,
    readonly total: number,
    readonly title: string,
  ) {}

  get live(): boolean {
    return this.#state === 'running';
  }

  end(state: CellState): void {
    this.#state = state;
    this.#elapsed = performance.now() - this.#began;
  }

  toMimeBundle(): { 'text/plain': string } {
    return { 'text/plain': this.toTerminal(100) };
  }

  toTerminal(columns: number): string {
    const { length } = String(this.total);
    const place = `${String(this.index).padStart(length)}/${this.total}`;
    const time =
      WORDS[this.#state] ?? `${((this.#elapsed ?? performance.now() - this.#began) / 1000).toFixed(1)} s`;
    const room = Math.max(10, columns - place.length - time.length - 6);
    const title = this.title.length > room ? `${this.title.slice(0, room - 1)}…` : this.title;
    return `${MARKS[this.#state]} ${place}  ${title}  \x1b[2m${time}\x1b[0m`;
  }
}

const firstLine = (source: string): string =>
  (withoutOptions(source).trim() || source.trim()).split('\n')[0]!.trim();
