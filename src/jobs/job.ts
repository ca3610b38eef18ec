/** Build, start, transfer: long work is told as jobs, and displays draw them. */
export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

export interface JobSnapshot {
  name: string;
  /** The node it concerns, when it concerns one. */
  node?: string;
  state: JobState;
  /** What it is doing now, in a few words. */
  step: string;
  /** Milliseconds since it began; final once it ended. */
  elapsedMs: number;
  /** What its parts are doing, a line each, while it runs. */
  details: readonly string[];
  /** Last lines of its log, newest last; at most 25. */
  lastLines: readonly string[];
}

/** The handle of the one who does the work. */
export interface Job {
  step(text: string): void;
  /** Lines about its parts, asked for each time that it is drawn while it runs. */
  details(lines: () => readonly string[]): void;
  log(line: string): void;
  finish(text?: string): void;
  fail(reason: string): void;
  cancel(): void;
}

/** Opens jobs. Given to whoever does long work; `signal` says when to give up. */
export interface JobContext {
  job(name: string, options?: { node?: string }): Job;
  /** A warning for the user about this work, shown once. */
  warn(message: string): void;
  readonly signal: AbortSignal;
}
