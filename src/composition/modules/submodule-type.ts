import { AttrSet } from '../../nix/attrs.js';
import { type Lazy, NixPath } from '../../nix/value.js';
import type { Options } from './option.js';
import { isFunction } from './scalar-types.js';
import type { OptionType } from './type.js';

/** A set with options of its own; each definition is a module. */
export function submodule(options: Options, modules: readonly Lazy[] = []): OptionType {
  return {
    description: 'a set of options',
    check: value => value instanceof AttrSet || isFunction(value) || value instanceof NixPath,
    empty: (place, context) => context.submodule(place, options, modules, []),
    merge: (place, definitions, context) => context.submodule(place, options, modules, definitions),
  };
}
