import { AttrSet } from '../../nix/attrs.js';
import { type Lazy, NixPath } from '../../nix/value.js';
import type { Options } from './option.js';
import { isFunction, isText } from './scalar-types.js';
import type { OptionType, Submodule } from './type.js';

/** A set with options of its own; each definition is a module. */
export function submodule(
  options: Options,
  modules: readonly Lazy[] = [],
  how: Omit<Submodule, 'options' | 'modules'> = { shorthand: true },
): OptionType {
  const inner: Submodule = { options, modules, ...how };
  return {
    description: 'a set of options',
    check: value =>
      value instanceof AttrSet ||
      isFunction(value) ||
      value instanceof NixPath ||
      (isText(value) && String(value).startsWith('/')),
    empty: (place, context) => context.submodule(place, inner, []),
    merge: (place, definitions, context) => context.submodule(place, inner, definitions),
  };
}
