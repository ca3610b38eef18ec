import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import type { Position } from '../../nix/source.js';
import { force, type Lazy, type Value } from '../../nix/value.js';
import { type Definition, definition, discharge, type Place, showPlace } from './definition.js';
import type { Modules, OptionType, Settled } from './type.js';

/** One value of all definitions of a place, as NixOS merges them; undefined when none of them counts. */
export function mergeDefinitions(
  place: Place,
  type: OptionType,
  definitions: readonly Definition[],
  modules: Modules,
): Lazy | undefined {
  const discharged = definitions.flatMap(one => located(one.position, () => discharge(one)));
  if (discharged.length === 0) return undefined;
  const winning = Math.min(...discharged.map(({ priority }) => priority));
  const winners = discharged.filter(({ priority }) => priority === winning);
  return located(winners[0]?.position, () => {
    const settled = winners
      // Stable: definitions of the same order stay as the modules stand.
      .sort((a, b) => a.order - b.order)
      // What is inside begins anew: the marks have done their work.
      .map(({ value, position }) => ({ ...definition(force(value), position), value: force(value) }));
    for (const one of settled) {
      if (!type.check(one.value)) throw wrongType(place, type, one);
    }
    return type.merge(place, settled, modules);
  });
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
  same: (a: Value, b: Value) => boolean = (a, b) => String(a) === String(b),
): Value {
  const [first, ...others] = definitions;
  const other = others.find(({ value }) => !same(first!.value, value));
  if (other) throw conflict(place, [first!, other]);
  return first!.value;
}

/** Definitions that cannot be one value: names all places. */
export function conflict(place: Place, definitions: readonly Settled[]): NixError {
  const places = definitions.map(
    ({ position, value }) => `${describe(value)} at ${position ?? 'an unknown place'}`,
  );
  return new NixError(
    'evaluation',
    {
      asked: `the option ${showPlace(place)} has conflicting definitions`,
      found: places.join('\n       '),
      todo: 'keep one of them, or say which wins with lib.mkForce or lib.mkDefault',
    },
    definitions.at(-1)?.position,
  );
}

function wrongType(place: Place, type: OptionType, { value, position }: Settled): NixError {
  return new NixError(
    'type',
    {
      asked: `the option ${showPlace(place)} takes ${type.description}`,
      found: describe(value),
    },
    position,
  );
}
