import { AttrSet, NixError } from '../../nix/index.js';
import { force } from '../../nix/value.js';
import { nearest } from '../../suggest.js';
import { childOf, type Definition, discharge, type Place, showPlace } from '../modules/definition.js';
import type { Options } from '../modules/option.js';
import type { Stray } from '../modules/stray.js';
import { NeedsNixOS } from './needs-nixos.js';
import { COMPLETE, NEEDS_NIXOS, TOP_LEVEL, WITHOUT_EFFECT } from './nixos-options.js';
import { nixosServices } from './nixos-services.js';
import { isEmpty, switchesOf } from './switches.js';

/** Groups of which `local` knows only some options. They are here as trees, so that their members are judged one by one. */
export const groups: Options = { services: {}, programs: {}, containers: {}, virtualisation: {} };

/** Decides on an option that `local` does not have: what is wrong with it, and what of it has no effect. */
export function judge(stray: Stray, ignored: (place: string) => void): NixError[] {
  const { place, definitions } = stray;
  switch (standingOf(place)) {
    case 'without effect':
      for (const leaf of definitions.flatMap(one => leavesOf(place, one))) ignored(leaf);
      return [];
    case 'needs NixOS': {
      // A module that could not be read may declare it.
      if (!stray.complete && place[0] === 'services' && !nixosServices.has(place[1]!)) return [];
      const switches = switchesOf(place, definitions);
      if (switches.length === 0 && !isEmpty(definitions)) ignored(showPlace(place));
      return switches.map(({ place, position }) => new NeedsNixOS(place, position));
    }
    default:
      return stray.complete ? [unknown(stray)] : [];
  }
}

/** What NixOS makes of an option; the longest part of its place that is known says it. */
function standingOf(place: Place): 'without effect' | 'needs NixOS' | undefined {
  if (place[0] === 'systemd' && place[1] === 'services') {
    return place[3] === 'startAt' ? 'needs NixOS' : undefined;
  }
  for (let length = place.length; length > 0; length--) {
    const name = showPlace(place.slice(0, length));
    if (WITHOUT_EFFECT.has(name)) return 'without effect';
    if (NEEDS_NIXOS.has(name)) return 'needs NixOS';
  }
  return undefined;
}

function unknown({ place, definitions, known }: Stray): NixError {
  const name = showPlace(place);
  const near = nearest(place.at(-1)!, [...known, ...besides(place)]).map(other =>
    showPlace([...place.slice(0, -1), other]),
  );
  const mistaken = !TOP_LEVEL.has(place[0]!) || COMPLETE.some(tree => isIn(tree, place));
  return new NixError(
    'evaluation',
    mistaken
      ? {
          asked: `there is no option ${name}`,
          nearest: near,
          todo: 'declare an option of your own with lib.mkOption, or see search.nixos.org/options for its name',
        }
      : {
          asked: `the flavour local does not know the option ${name}`,
          nearest: near,
          todo:
            'if it is an option of NixOS (search.nixos.org/options), build for a flavour that has it: -f docker; ' +
            'declare an option of your own with lib.mkOption',
        },
    definitions[0]!.position,
  );
}

/** Names of NixOS beside this one. */
function besides(place: Place): string[] {
  const prefix = place.slice(0, -1).map(name => `${name}.`);
  return [...WITHOUT_EFFECT, ...NEEDS_NIXOS, ...TOP_LEVEL]
    .filter(name => name.startsWith(prefix.join('')))
    .map(name => name.slice(prefix.join('').length))
    .filter(name => !name.includes('.'));
}

function isIn(tree: string, place: Place): boolean {
  const names = tree.split('.');
  return place.length > names.length && names.every((name, index) => name === '*' || name === place[index]);
}

/**
 * The options that are set, for the warning: two names deep, and three in the groups that have members of their own. What is below is
 * not computed, as nothing depends on it.
 */
function leavesOf(place: Place, definition: Definition): string[] {
  const deep = place.length >= (DEEP.has(place[0]!) ? 3 : 2);
  const sets = deep ? [] : setsOf(definition);
  if (sets.length === 0) return [showPlace(place)];
  return sets.flatMap(set =>
    set.value.names().flatMap(name => leavesOf([...place, name], childOf(set, name))),
  );
}

const DEEP: ReadonlySet<string> = new Set([
  'networking',
  'services',
  'security',
  'hardware',
  'nix',
  'systemd',
]);

/** The sets that an option without effect is defined as; values that say nothing may be broken, too. */
function setsOf(definition: Definition): Array<Definition & { value: AttrSet }> {
  try {
    return discharge(definition).flatMap(one => {
      const value = force(one.value);
      return value instanceof AttrSet && !value.has('outPath') && !value.has('_type')
        ? [{ ...one, value }]
        : [];
    });
  } catch (error) {
    if (error instanceof NixError) return [];
    throw error;
  }
}
