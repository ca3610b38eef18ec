import {
  type AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  expectList,
  NixError,
  type Value,
} from '../../nix/index.js';
import type { Lazy } from '../../nix/value.js';
import type { Problems } from '../problems/problems.js';

/**
 * Reads merged options as plain JavaScript values. Types were checked when they were merged. What cannot be computed is reported
 * as a problem and read as nothing, so that the rest is looked at too.
 */
export class Reader {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly problems: Problems,
  ) {}

  /** How many errors were met so far. */
  get failures(): number {
    return this.problems.met;
  }

  attempt<T>(work: () => T, instead: T): T {
    return this.problems.attempt(work, instead);
  }

  /** Null when it cannot be computed. */
  value(set: AttrSet, ...path: string[]): Value {
    return this.attempt(() => this.#value(set, path), null);
  }

  set(set: AttrSet, ...path: string[]): AttrSet {
    return this.attempt(() => expectAttrs(this.#value(set, path)), Attrs.from({}));
  }

  /** Paths and packages as interpolation writes them. */
  text(value: Lazy): string {
    return this.attempt(() => this.#text(value), '');
  }

  textAt(set: AttrSet, ...path: string[]): string {
    return this.attempt(() => this.#at(set, path, value => this.#text(value)), '');
  }

  optionalText(set: AttrSet, ...path: string[]): string | undefined {
    return this.attempt(
      () => this.#at(set, path, value => (value === null ? undefined : this.#text(value))),
      undefined,
    );
  }

  /** A path of a file that will be copied, and that is one the composition may read. */
  readablePath(set: AttrSet, ...path: string[]): string | undefined {
    const read = (value: Value): string | undefined => {
      if (value === null) return undefined;
      const text = this.#text(value);
      this.evaluator.checkReadable(text);
      return text;
    };
    return this.attempt(() => this.#at(set, path, read), undefined);
  }

  texts(set: AttrSet, ...path: string[]): string[] {
    const list = this.attempt(() => expectList(this.#value(set, path)), []);
    return list.flatMap(item => this.attempt(() => [this.#text(item)], []));
  }

  flag(set: AttrSet, ...path: string[]): boolean {
    return this.value(set, ...path) === true;
  }

  optionalNumber(set: AttrSet, ...path: string[]): number | undefined {
    const value = this.value(set, ...path);
    return value === null ? undefined : Number(value);
  }

  /** Name → value of a set, sorted by name. */
  entries(set: AttrSet, ...path: string[]): Array<[string, AttrSet]> {
    const all = this.set(set, ...path);
    return all
      .names()
      .flatMap(name =>
        this.attempt<Array<[string, AttrSet]>>(() => [[name, expectAttrs(all.get(name)!)]], []),
      );
  }

  /** A number, Boolean, string, path or package as systemd and shells write it. */
  word(lazy: Lazy): string {
    return this.attempt(() => {
      const value = this.evaluator.force(lazy);
      if (typeof value === 'boolean') return value ? 'true' : 'false';
      if (typeof value === 'bigint' || typeof value === 'number') return String(value);
      return this.#text(value);
    }, '');
  }

  #value(set: AttrSet, path: readonly string[]): Value {
    return this.#at(set, path, value => value);
  }

  /** Makes something of the value at this path; an error that has no place is where the value is defined. */
  #at<T>(set: AttrSet, path: readonly string[], make: (value: Value) => T): T {
    const inner = path
      .slice(0, -1)
      .reduce((at, name) => expectAttrs(this.evaluator.force(at.get(name)!)), set);
    const name = path.at(-1)!;
    try {
      return make(this.evaluator.force(inner.get(name)!));
    } catch (error) {
      if (error instanceof NixError) error.locate(inner.position(name));
      throw error;
    }
  }

  #text(value: Lazy): string {
    return this.evaluator.toText(value);
  }
}
