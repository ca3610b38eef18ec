import { type AttrSet, Attrs, type Evaluator, expectAttrs, expectList, type Value } from '../../nix/index.js';
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
    return this.attempt(() => this.#text(this.#value(set, path)), '');
  }

  optionalText(set: AttrSet, ...path: string[]): string | undefined {
    const value = this.value(set, ...path);
    return value === null ? undefined : this.text(value);
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
    return path.reduce<Value>((at, name) => this.evaluator.force(expectAttrs(at).get(name)!), set);
  }

  #text(value: Lazy): string {
    return this.evaluator.toText(value);
  }
}
