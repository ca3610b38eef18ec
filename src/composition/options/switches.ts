import { AttrSet, NixError, type Position } from '../../nix/index.js';
import { force, type Value } from '../../nix/value.js';
import { childOf, type Definition, discharge, type Place, showPlace } from '../modules/definition.js';
import type { Settled } from '../modules/type.js';
import { FREE_FORM, OF_PARTS, RUNNING, RUNNING_GROUPS } from './nixos-options.js';

/** Something of NixOS that a configuration switches on: what its `enable` stands in. */
export interface Switch {
  place: Place;
  position: Position | undefined;
}

/** `services.a.b.c.d.enable`: none is deeper. */
const DEEPEST = 4;

/** What of this option runs on NixOS, however deep below it the switch is. */
export function switchesOf(place: Place, definitions: readonly Definition[]): Switch[] {
  if (!RUNNING_GROUPS.includes(place[0]!)) return [...search(place, definitions, DEEPEST)];
  const off = isEmpty(definitions) || isOff(definitions);
  return off ? [] : [{ place, position: definitions[0]!.position }];
}

function* search(place: Place, definitions: readonly Definition[], depth: number): Generator<Switch> {
  const values = winning(definitions);
  if (RUNNING.has(showPlace(place))) {
    yield* contentsOf(place, values);
    return;
  }
  const sets = values.filter(isPlain);
  const enable = childrenOf(sets, 'enable');
  if (enable.length > 0) {
    if (isOn(enable)) {
      yield { place, position: definitions[0]!.position };
      return;
    }
    if (!OF_PARTS.has(showPlace(place))) return;
  }
  if (depth === 0) return;
  for (const name of namesOf(sets)) {
    if (!FREE_FORM.has(name)) yield* search([...place, name], childrenOf(sets, name), depth - 1);
  }
}

/** Everything in a set that runs what is in it. */
function contentsOf(place: Place, values: readonly Settled[]): Switch[] {
  const sets = values.filter(isPlain);
  if (sets.length === 0) return isEmpty(values) ? [] : [{ place, position: values[0]?.position }];
  return namesOf(sets).flatMap(name => {
    const item = childrenOf(sets, name);
    return isOff(item) ? [] : [{ place: [...place, name], position: item[0]!.position }];
  });
}

function isOff(definitions: readonly Definition[]): boolean {
  const enable = childrenOf(winning(definitions).filter(isPlain), 'enable');
  return enable.length > 0 && !isOn(enable);
}

/** Whether one of the definitions that count is true; unlike what stands beside it, `enable` has to be computable. */
const isOn = (enable: readonly Definition[]): boolean =>
  settle(enable.flatMap(discharge)).some(({ value }) => value === true);

/** Nothing at all, or all of it switched off. */
export function isEmpty(definitions: readonly Definition[]): boolean {
  return winning(definitions).every(one => {
    const { value } = one;
    if (Array.isArray(value)) return value.length === 0;
    if (isPlain(one)) return namesOf([one]).every(name => isEmpty(childrenOf([one], name)));
    return value === null || value === false || String(value) === '';
  });
}

/** The definitions that count; one that cannot be computed switches nothing on. */
function winning(definitions: readonly Definition[]): Settled[] {
  return settle(
    definitions.flatMap(one => {
      try {
        return discharge(one).map(each => ({ ...each, value: force(each.value) }));
      } catch (error) {
        if (error instanceof NixError) return [];
        throw error;
      }
    }),
  );
}

function settle(definitions: readonly Definition[]): Settled[] {
  const strongest = Math.min(...definitions.map(({ priority }) => priority));
  return definitions
    .filter(({ priority }) => priority === strongest)
    .map(one => ({ ...one, value: force(one.value) }));
}

type WithSet = Settled & { value: AttrSet };

const isPlain = (one: Settled): one is WithSet => isPlainSet(one.value);

const isPlainSet = (value: Value): boolean => value instanceof AttrSet && !value.has('outPath');

const namesOf = (sets: readonly WithSet[]): string[] => [
  ...new Set(sets.flatMap(({ value }) => value.names())),
];

const childrenOf = (sets: readonly WithSet[], name: string): Definition[] =>
  sets.filter(({ value }) => value.has(name)).map(set => childOf(set, name));
