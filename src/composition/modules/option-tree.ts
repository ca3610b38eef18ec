import { type AttrSet, Attrs, update, VirtualAttrs } from '../../nix/attrs.js';
import { placeOf } from '../../nix/place.js';
import { type Lazy, primop, Thunk } from '../../nix/value.js';
import { fileOf, showPlace } from './definition.js';
import { Level } from './level.js';
import { nixType } from './nix-types.js';
import type { OptionValue } from './option-value.js';

/** The argument `options` of modules: what is declared, with what is known of each option's definitions. */
export function optionTree(level: Level): AttrSet {
  return new VirtualAttrs({
    names: () => level.declaredNames(),
    has: name => Object.hasOwn(level.options, name),
    get: name => {
      const declared = level.declared(name);
      if (declared instanceof Level) return Thunk.of(() => optionTree(declared));
      return declared && Thunk.of(() => optionSet(declared, level));
    },
  });
}

function optionSet(value: OptionValue, { modules }: Level): AttrSet {
  const { place, option } = value;
  const { declaration = Attrs.from({}), default: fallback, declared = [] } = option.parts;
  const definitions = () => value.final()?.definitions ?? [];
  const own: Record<string, Lazy> = {
    _type: 'option',
    loc: [...place],
    type: Thunk.of(() => nixType(option, modules)),
    options: [],
    declarations: declared.map(({ file }) => file),
    declarationPositions: declared.map(({ file, position }) =>
      position ? placeOf(position) : Attrs.from({ file, line: null, column: null }),
    ),
    value: value.value,
    isDefined: Thunk.of(() => value.final() !== undefined),
    highestPrio: Thunk.of(() => BigInt(value.final()?.priority ?? 9999)),
    definitions: Thunk.of(() => definitions().map(one => one.value)),
    files: Thunk.of(() => definitions().map(fileOf)),
    definitionsWithLocations: Thunk.of(() =>
      definitions().map(one => Attrs.from({ file: fileOf(one), value: one.value })),
    ),
    valueMeta: Attrs.from({}),
    __toString: primop('__toString', 1, () => showPlace(place)),
  };
  if (fallback !== undefined) own.default = fallback;
  return update(declaration, Attrs.from(own));
}
