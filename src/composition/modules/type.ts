import type { AttrSet } from '../../nix/attrs.js';
import type { Lazy, Value } from '../../nix/value.js';
import type { Definition, Place } from './definition.js';
import type { Options } from './option.js';

/** What values an option takes and how several definitions of it become one. */
export interface OptionType {
  /** As it stands after "expected": `a string`, `a list of integers`. */
  readonly description: string;
  /** Looks at the value itself, not at what is in it. */
  check(value: Value): boolean;
  /** The definitions are without marks, in order, passed `check`, and are at least one. */
  merge(place: Place, definitions: readonly Settled[], modules: Modules): Lazy;
  /** What an option is that nothing defines and that has no default: lists and sets are empty. */
  readonly empty?: (place: Place, modules: Modules) => Lazy;
}

/** A definition whose value is known. */
export type Settled = Definition & { value: Value };

/** What types need of the evaluation they are part of. */
export interface Modules {
  call(fn: Lazy, ...args: Lazy[]): Value;
  /** Does work whose failure leaves the rest as it is: the error is reported, and `instead` stands for the result. */
  attempt<T>(work: () => T, instead: T): T;
  /** Merges modules into a set of its own (types.submodule). */
  submodule(
    place: Place,
    options: Options,
    modules: readonly Lazy[],
    definitions: readonly Settled[],
  ): AttrSet;
}
