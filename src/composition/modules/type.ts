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
  /** lib.types.unspecified, the type of options that have none. */
  unspecified(): AttrSet;
  /** Merges modules into a set of its own (types.submodule). */
  submodule(place: Place, inner: Submodule, definitions: readonly Settled[]): AttrSet;
}

/** What a set with options of its own has in it. */
export interface Submodule {
  options: Options;
  modules: readonly Lazy[];
  /** Arguments of its modules beside those of the modules around it. */
  specialArgs?: AttrSet;
  /** Whether a set is plain configuration, even if it has a name like `imports` in it. */
  shorthand: boolean;
  /** The `_class` that its modules may have. */
  class?: string;
}
