import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type Entry, parseEntry } from './entry.js';
import type { Store } from './store.js';

const chunk = 1 << 20;
/** Bytes of a line at most: a longer one is none of ours. */
const longest = 4 << 20;

/** Reads a deployment's log from its beginning, and then what is added. What was open is read to its end, also when it is removed. */
export class Tail {
  #file: LineFile | undefined;
  #begun = false;
  /** Lines that are none of ours. */
  broken = 0;

  constructor(private readonly store: Store) {}

  /** Calls back for each entry that was added since the last call. */
  read(each: (entry: Entry) => void): void {
    const line = (text: string) => {
      const entry = parseEntry(text);
      if (entry) each(entry);
      else this.broken++;
    };
    if (!this.#begun) this.#begin(line);
    this.#file?.lines(line);
    if (this.#file && !this.#file.isReplaced()) return;
    const next = LineFile.open(this.store.file('log.jsonl'));
    if (!next) return;
    // What was written between the last look and the replacement.
    this.#file?.lines(line);
    this.#file?.close();
    this.#file = next;
    next.lines(line);
  }

  /** The older ones first. That the history is replaced meanwhile means that what was sealed is part of it now: again. */
  #begin(line: (text: string) => void): void {
    this.#begun = true;
    for (let attempt = 0; attempt < 3; attempt++) {
      const files = (['history.jsonl', 'sealed.jsonl', 'log.jsonl'] as const).map(name =>
        LineFile.open(this.store.file(name)),
      );
      const [history, sealed, log] = files;
      const isWhole = history ? !history.isReplaced() : !statOf(this.store.file('history.jsonl'));
      if (isWhole || attempt === 2) {
        for (const file of [history, sealed]) file?.lines(line);
        for (const file of [history, sealed]) file?.close();
        this.#file = log;
        return;
      }
      for (const file of files) file?.close();
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** The whole lines of a file, from where the last look ended. */
class LineFile {
  #offset = 0;
  #rest = '';
  #skipping = false;
  readonly #decoder = new TextDecoder();

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly stat: Stats,
  ) {}

  /** Undefined when there is no such file, or it is none. */
  static open(path: string): LineFile | undefined {
    let descriptor: number;
    try {
      const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
      descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return undefined;
    }
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return new LineFile(path, descriptor, stat);
    closeSync(descriptor);
    return undefined;
  }

  /** Another file has its name by now, or none. */
  isReplaced(): boolean {
    const now = statOf(this.path);
    return now?.ino !== this.stat.ino || now.dev !== this.stat.dev;
  }

  lines(each: (line: string) => void): void {
    const buffer = Buffer.allocUnsafe(Math.min(chunk, Math.max(4096, this.#unread())));
    for (;;) {
      let count: number;
      try {
        count = readSync(this.descriptor, buffer, 0, buffer.length, this.#offset);
      } catch {
        return;
      }
      if (count === 0) return;
      this.#offset += count;
      const lines = (this.#rest + this.#decoder.decode(buffer.subarray(0, count), { stream: true })).split(
        '\n',
      );
      this.#rest = lines.pop()!;
      for (const line of lines) {
        if (this.#skipping) this.#skipping = false;
        else if (line !== '') each(line);
      }
      if (this.#rest.length <= longest) continue;
      if (!this.#skipping) each('');
      this.#skipping = true;
      this.#rest = '';
    }
  }

  #unread(): number {
    return fstatSync(this.descriptor).size - this.#offset;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });
