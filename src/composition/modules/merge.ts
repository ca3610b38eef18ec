import { equal } from '../../nix/compare.js';
import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import type { Position } from '../../nix/source.js';
import { force, type Lazy, type Value } from '../../nix/value.js';
import { candidates, type Definition, definition, opened, type Place, showPlace } from './definition.js';
import type { Modules, OptionType, Settled } from './type.js';

/** Definitions of a place that count: those of the strongest priority, in order. At least one. */
export interface Final {
  definitions: readonly Settled[];
  priority: number;
}

/** The definitions that count; undefined when none does. */
export function finalDefinitions(definitions: readonly Definition[]): Final | undefined {
  let left = definitions.flatMap(one => located(one.position, () => candidates(one)));
  while (left.length > 0) {
    const priority = Math.min(...left.map(one => one.priority));
    const winners = left
      .filter(one => one.priority === priority)
      .flatMap(one => (one.sealed ? located(one.position, () => opened(one)) : [one]));
    if (winners.length > 0)
      return { priority, definitions: located(winners[0]?.position, () => inOrder(winners)) };
    left = left.filter(one => one.priority !== priority);
  }
  return undefined;
}

function inOrder(winners: readonly Definition[]): Settled[] {
  return (
    [...winners]
      // Stable: definitions of the same order stay as the modules stand.
      .sort((a, b) => a.order - b.order)
      // What is inside begins anew: the marks have done their work.
      .map(({ value, position, file }) => ({
        ...definition(force(value), position),
        file,
        value: force(value),
      }))
  );
}

/** One value of the definitions that count. */
export function mergeFinal(place: Place, type: OptionType, { definitions }: Final, modules: Modules): Lazy {
  return located(definitions[0]?.position, () => {
    for (const one of definitions) {
      if (!type.check(one.value)) throw wrongType(place, type, one);
    }
    return type.merge(place, [...definitions], modules);
  });
}

/** One value of all definitions of a place, as NixOS merges them; undefined when none of them counts. */
export function mergeDefinitions(
  place: Place,
  type: OptionType,
  definitions: readonly Definition[],
  modules: Modules,
): Lazy | undefined {
  const final = finalDefinitions(definitions);
  return final && mergeFinal(place, type, final, modules);
}

/** Gives an error that knows no place this one: packages that are missing, files that cannot be read. */
export function located<T>(position: Position | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NixError) error.locate(position);
    throw error;
  }
}

/** For types whose definitions must agree. `same` compares two values. */
export function mergeEqual(
  place: Place,
  definitions: readonly Settled[],
  same: (a: Value, b: Value) => boolean = equal,
): Value {
  const [first, ...others] = definitions;
  const other = others.find(({ value }) => !same(first!.value, value));
  if (other) throw conflict(place, [first!, other]);
  return first!.value;
}

/** For types that may be defined once only, even if other definitions were equal. */
export function mergeOne(place: Place, definitions: readonly Settled[]): Value {
  if (definitions.length > 1) throw conflict(place, definitions);
  return definitions[0]!.value;
}

/** Definitions that cannot be one value: names all places. */
export function conflict(
  place: Place,
  definitions: readonly Settled[],
  todo = 'keep one of them, or say which wins with lib.mkForce or lib.mkDefault',
): NixError {
  const places = definitions.map(
    ({ position, value }) => `${describe(value)} at ${position ?? 'an unknown place'}`,
  );
  return new NixError(
    'throw',
    {
      asked: `the option ${showPlace(place)} has conflicting definitions`,
      found: places.join('\n       '),
      todo,
    },
    definitions.at(-1)?.position,
  );
}

function wrongType(place: Place, type: OptionType, { value, position }: Settled): NixError {
  return new NixError(
    'throw',
    {
      asked: `the option ${showPlace(place)} takes ${type.description}`,
      found: describe(value),
    },
    position,
  );
}
