import { type AttrSet, type Evaluator, expectAttrs, expectList, type Value } from '../../nix/index.js';
import type { Lazy } from '../../nix/value.js';

/** Reads merged options as plain JavaScript values. Types were checked when they were merged. */
export class Reader {
  constructor(private readonly evaluator: Evaluator) {}

  value(set: AttrSet, ...path: string[]): Value {
    return path.reduce<Value>((at, name) => this.evaluator.force(expectAttrs(at).get(name)!), set);
  }

  set(set: AttrSet, ...path: string[]): AttrSet {
    return expectAttrs(this.value(set, ...path));
  }

  /** Paths and packages as interpolation writes them. */
  text(value: Lazy): string {
    return this.evaluator.toText(value);
  }

  textAt(set: AttrSet, ...path: string[]): string {
    return this.text(this.value(set, ...path));
  }

  optionalText(set: AttrSet, ...path: string[]): string | undefined {
    const value = this.value(set, ...path);
    return value === null ? undefined : this.text(value);
  }

  texts(set: AttrSet, ...path: string[]): string[] {
    return expectList(this.value(set, ...path)).map(item => this.text(item));
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
    return [...this.set(set, ...path)].map(([name, value]) => [name, expectAttrs(value)]);
  }

  /** A number, Boolean, string, path or package as systemd and shells write it. */
  word(lazy: Lazy): string {
    const value = this.evaluator.force(lazy);
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (typeof value === 'bigint' || typeof value === 'number') return String(value);
    return this.text(value);
  }
}
