import { appendFile, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { globPattern } from '../../src/glob.js';
import { homeFolder } from '../../src/home-folder.js';
import { makeFolder } from '../../src/make-folder.js';
import type { Content } from '../protocol/message.js';
import { optional, text } from './fields.js';

/** A line of the file: what was typed, or what came of it. Short keys, as there is a line for every cell ever run. */
interface Line {
  session: string;
  line: number;
  input?: string;
  output?: string;
}

interface Entry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** Milliseconds in which lines are gathered: a short cell is over by then, and nobody waits for the disk. */
const GATHER = 50;

/** Where the history of all sessions is: `$NXC_HISTORY`, or `nxc/history.jsonl` in the XDG data folder. */
export function historyPath(env: NodeJS.ProcessEnv = process.env): string {
  return (
    env.NXC_HISTORY ||
    join(env.XDG_DATA_HOME || join(homeFolder(), '.local', 'share'), 'nxc', 'history.jsonl')
  );
}

/**
 * Input of this and earlier sessions, as JSON lines that kernels only ever append to. A session's number is the order in
 * which sessions appear in the file, so kernels that run at the same time agree without a lock.
 */
export class History {
  readonly #entries: Entry[] = [];
  readonly #sessions = new Map<string, number>();
  readonly #waiting: Line[] = [];
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();
  #readAll: Promise<void> = Promise.resolve();
  #readTo = 0;
  #broken = false;

  constructor(
    private readonly path: string,
    private readonly session: string,
  ) {}

  /** A cell, before it runs. */
  addInput(line: number, input: string): void {
    this.#append({ session: this.session, line, input });
  }

  /** Plain text of its result. */
  addOutput(line: number, output: string): void {
    this.#append({ session: this.session, line, output });
  }

  /** Answers history_request: `[session, line, input]` each, or `[session, line, [input, output]]`. */
  async query(content: Content): Promise<Content> {
    await this.flush();
    // One after the other: two at once would read the same lines twice.
    this.#readAll = this.#readAll.catch(() => {}).then(() => this.#read());
    await this.#readAll;
    const withOutput = content.output === true;
    const history = this.#select(content).map(({ session, line, input, output }) => [
      session,
      line,
      withOutput ? [input, output] : input,
    ]);
    return { history };
  }

  #select(content: Content): Entry[] {
    const n = optional(content, 'n', Number.POSITIVE_INFINITY);
    switch (content.hist_access_type) {
      case 'range':
        return this.#range(content);
      case 'search': {
        const pattern = globPattern(optional(content, 'pattern', '*'));
        const found = this.#entries.filter(({ input }) => pattern.test(input));
        return last(content.unique === true ? unique(found) : found, n);
      }
      default:
        text(content, 'hist_access_type');
        return last(this.#entries, n);
    }
  }

  /** `session` counts from 1; 0 is this one and negative numbers are those before it. `stop` is not included. */
  #range(content: Content): Entry[] {
    const current = this.#sessions.get(this.session) ?? this.#sessions.size + 1;
    const asked = optional(content, 'session', 0);
    const session = asked > 0 ? asked : current + asked;
    const start = optional(content, 'start', 0);
    const stop = optional(content, 'stop', Number.POSITIVE_INFINITY);
    return this.#entries.filter(
      entry => entry.session === session && entry.line >= start && entry.line < stop,
    );
  }

  /** Writes what waits to be written; resolves when it is in the file. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting.splice(0);
    if (lines.length > 0) this.#written = this.#written.then(() => this.#write(lines));
    return this.#written;
  }

  #append(line: Line): void {
    this.#waiting.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), GATHER);
  }

  /** A history that cannot be written never disturbs a cell: it lasts as long as the kernel then. */
  async #write(lines: readonly Line[]): Promise<void> {
    const text = lines.map(line => `${JSON.stringify(line)}\n`).join('');
    try {
      makeFolder(dirname(this.path), 0o700);
      await appendFile(this.path, text, { mode: 0o600 });
    } catch (error) {
      if (!this.#broken) console.error(`the history is not kept: ${(error as Error).message}`);
      this.#broken = true;
      for (const line of lines) this.#absorb(line);
    }
  }

  /** Reads what was appended since the last time, by whatever kernel. */
  async #read(): Promise<void> {
    const file = await open(this.path).catch(() => undefined);
    if (!file) return;
    try {
      const { size } = await file.stat();
      if (size <= this.#readTo) return;
      const bytes = Buffer.alloc(size - this.#readTo);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#readTo);
      const complete = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1);
      this.#readTo += complete.length;
      for (const line of complete.toString().split('\n')) this.#absorb(parseLine(line));
    } finally {
      await file.close();
    }
  }

  #absorb(line: Line | undefined): void {
    if (!line) return;
    const session = this.#sessions.get(line.session) ?? this.#sessions.size + 1;
    this.#sessions.set(line.session, session);
    if (line.input !== undefined) {
      this.#entries.push({ session, line: line.line, input: line.input, output: null });
      return;
    }
    const entry = this.#entries.findLast(each => each.session === session && each.line === line.line);
    if (entry) entry.output = line.output ?? null;
  }
}

function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    return typeof line.session === 'string' && typeof line.line === 'number' ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

function last<T>(items: T[], n: number): T[] {
  return n > 0 ? items.slice(Number.isFinite(n) ? -n : 0) : [];
}

/** Each input once, at its last place. */
function unique(entries: Entry[]): Entry[] {
  const inputs = new Map<string, Entry>();
  for (const entry of entries) {
    inputs.delete(entry.input);
    inputs.set(entry.input, entry);
  }
  return [...inputs.values()];
}
