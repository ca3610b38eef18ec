import { type AttrSet, expectList, type Value } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { CompositionError } from '../errors.js';
import { parseTimeSpan } from '../systemd/time-span.js';
import { splitWords } from '../systemd/words.js';
import { atPosition } from './at-position.js';
import type { Reader } from './reader.js';

/** For systemd's "infinity": longer than any deployment, and still a number of JSON. */
const FOREVER = 365 * 86_400_000;

/** The directives of a section; values as systemd would read them. */
export class Directives {
  constructor(
    private readonly set: AttrSet,
    readonly place: string,
    private readonly reader: Reader,
  ) {}

  names(): readonly string[] {
    return this.set.names();
  }

  /** All lines of a directive; an empty one clears those before it. */
  list(name: string): string[] {
    if (!this.set.has(name)) return [];
    const value: Value = this.reader.value(this.set, name);
    if (value === null) return [];
    const lines = (Array.isArray(value) ? expectList(value) : [value]).map(item => this.reader.word(item));
    return lines.slice(lines.lastIndexOf('') + 1);
  }

  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  flag(name: string): boolean {
    return /^(true|yes|on|1)$/.test(this.text(name) ?? '');
  }

  words(name: string): string[] {
    const what = `${this.place}.${name}`;
    return this.at(
      name,
      () => this.list(name).flatMap(line => splitWords(line, what).map(({ text }) => text)),
      [],
    );
  }

  /** Milliseconds. */
  duration(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    return this.at(name, () => Math.min(parseTimeSpan(text, `${this.place}.${name}`), FOREVER), fallback);
  }

  /** A count. */
  number(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    if (/^\d+$/.test(text)) return Number(text);
    return this.at<number>(
      name,
      () => {
        throw new CompositionError({ asked: `${this.place}.${name} is not a number`, found: `"${text}"` });
      },
      fallback,
    );
  }

  /** The value is none of those that there are; returns what is read instead. */
  wrong<T>(name: string, value: string, known: readonly string[], instead: T): T {
    return this.at<T>(
      name,
      () => {
        throw new CompositionError({
          asked: `${this.place}.${name} = "${value}" is not there on the flavour local`,
          nearest: nearest(value, known),
          found: `it may be ${known.join(', ')}`,
        });
      },
      instead,
    );
  }

  /** An error in this work is an error of the directive: it is reported, and `instead` is read. */
  at<T>(name: string, work: () => T, instead: T): T {
    return this.reader.attempt(() => atPosition(this.set.position(name), work), instead);
  }
}
