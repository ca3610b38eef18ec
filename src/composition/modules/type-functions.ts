import { expectAttrs, expectList, expectString } from '../../nix/expect.js';
import { force, type Lazy, type Primop, primop, type Value } from '../../nix/value.js';
import { definition } from './definition.js';
import type { Modules, OptionType, Settled } from './type.js';

/** Types whose functions Nix code has, by their `merge`: modules use them without the way through Nix. */
const known = new WeakMap<Value & object, { type: OptionType; check: Primop }>();

/** A type as Nix code calls it. */
export function functionsOf(type: OptionType, modules: Modules): { check: Primop; merge: Primop } {
  const check = primop('check', 1, value => type.check(force(value)));
  const merge = primop('merge', 2, (loc, defs) => {
    const place = expectList(loc).map(name => expectString(name));
    return type.merge(place, expectList(defs).map(settled), modules);
  });
  known.set(merge, { type, check });
  return { check, merge };
}

/** The type that merges so, whatever checks it. */
export function mergeBehind(merge: Value): OptionType | undefined {
  return entryOf(merge)?.type;
}

/** The type behind a `merge` and `check` that belong together. */
export function typeBehind(merge: Value, check: Value): OptionType | undefined {
  const found = entryOf(merge);
  return found?.check === check ? found.type : undefined;
}

const entryOf = (merge: Value) =>
  typeof merge === 'object' && merge !== null ? known.get(merge) : undefined;

/** A definition as Nix code writes it: `{ file, value }`. */
export function settled(lazy: Lazy): Settled {
  const set = expectAttrs(lazy);
  const file = set.get('file');
  const value = force(set.get('value')!);
  return { ...definition(value), value, file: file === undefined ? undefined : expectString(file) };
}
