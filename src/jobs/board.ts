/**
 * Long work as people see it: a board of jobs that changes in place while they run and stays as a few lines afterwards.
 * The work opens jobs (JobContext); the board is shown by whatever display the command has.
 */
import type { MimeBundle, Renderable } from '../display/bundle.js';
import type { Display, Shown } from '../display/display.js';
import { boardHtml, boardText } from './board-view.js';
import type { Job, JobContext, JobSnapshot, JobState } from './job.js';

const KEPT_LINES = 25;

export class JobBoard implements JobContext, Renderable {
  readonly signal: AbortSignal;
  readonly #jobs: LiveJob[] = [];
  readonly #warnings = new Set<string>();
  readonly #changed: () => void;
  #over = false;

  constructor(signal: AbortSignal, changed: () => void = () => {}) {
    this.signal = signal;
    this.#changed = changed;
  }

  job(name: string, options: { node?: string } = {}): Job {
    const job = new LiveJob(name, options.node, this.#changed);
    this.#jobs.push(job);
    this.#changed();
    return job;
  }

  warn(message: string): void {
    this.#warnings.add(message);
    this.#changed();
  }

  /** True until the work is over, also before its first job and between two: a terminal then keeps the board below what else is written. */
  get live(): boolean {
    return !this.#over;
  }

  get empty(): boolean {
    return this.#jobs.length === 0 && this.#warnings.size === 0;
  }

  snapshots(): JobSnapshot[] {
    return this.#jobs.map(job => job.snapshot());
  }

  /** The work is over: ends what still runs, for when it threw without telling its jobs. */
  settle(state: 'failed' | 'cancelled', reason: string): void {
    for (const job of this.#jobs) {
      if (!job.running) continue;
      if (state === 'failed') job.fail(reason);
      else job.cancel();
    }
    this.#over = true;
  }

  /** Who shows the error of the whole work says this: the jobs do not say it once more. */
  leaveOut(reason: string): void {
    for (const job of this.#jobs) job.leaveOut(reason);
  }

  toMimeBundle(): MimeBundle {
    const jobs = this.snapshots();
    const warnings = [...this.#warnings];
    return {
      'text/plain': boardText(jobs, warnings, { colour: false }),
      'text/html': boardHtml(jobs, warnings),
    };
  }

  toTerminal(columns: number): string {
    return boardText(this.snapshots(), [...this.#warnings], { colour: true, columns });
  }
}

/**
 * Runs work with a board on the display: the board appears with the first job or warning, its clocks tick, and whatever
 * happens no job is left running on it.
 */
export async function withJobs<T>(
  display: Display,
  signal: AbortSignal,
  work: (jobs: JobContext) => Promise<T>,
): Promise<T> {
  let shown: Shown | undefined;
  const board = new JobBoard(signal, () => draw());
  const draw = () => {
    if (board.empty) return;
    if (shown) shown.update(board);
    else shown = display.show(board);
  };
  const clock = setInterval(() => board.live && draw(), 1000);
  try {
    return await work(board);
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : '';
    board.settle(signal.aborted ? 'cancelled' : 'failed', reason);
    board.leaveOut(reason);
    throw error;
  } finally {
    clearInterval(clock);
    board.settle('cancelled', '');
    draw();
  }
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

class LiveJob implements Job {
  readonly #name: string;
  readonly #node: string | undefined;
  readonly #changed: () => void;
  readonly #began = performance.now();
  readonly #lines: string[] = [];
  #ended: number | undefined;
  #state: JobState = 'running';
  #step = '';
  #details: () => readonly string[] = () => [];

  constructor(name: string, node: string | undefined, changed: () => void) {
    this.#name = name;
    this.#node = node;
    this.#changed = changed;
  }

  get running(): boolean {
    return this.#ended === undefined;
  }

  step(text: string): void {
    this.#step = text;
    this.#changed();
  }

  details(lines: () => readonly string[]): void {
    this.#details = lines;
    this.#changed();
  }

  log(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#changed();
  }

  finish(text = ''): void {
    this.#end('done', text);
  }

  fail(reason: string): void {
    this.#end('failed', reason);
  }

  cancel(): void {
    this.#end('cancelled', '');
  }

  leaveOut(reason: string): void {
    if (this.#state !== 'failed' || this.#node !== undefined || this.#step !== reason) return;
    this.#step = '';
    this.#changed();
  }

  snapshot(): JobSnapshot {
    return {
      name: this.#name,
      ...(this.#node === undefined ? {} : { node: this.#node }),
      state: this.#state,
      step: this.#step,
      elapsedMs: (this.#ended ?? performance.now()) - this.#began,
      details: this.running ? this.#details() : [],
      lastLines: [...this.#lines],
    };
  }

  #end(state: JobState, step: string): void {
    if (!this.running) return;
    this.#ended = performance.now();
    this.#state = state;
    this.#step = step;
    this.#changed();
  }
}
