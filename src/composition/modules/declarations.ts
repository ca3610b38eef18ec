import { AttrSet } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectBool } from '../../nix/expect.js';
import { force } from '../../nix/value.js';
import { anything } from './composite-types.js';
import { markOf, type Place, showPlace } from './definition.js';
import { readType } from './nix-types.js';
import { Alias, Option, type Options } from './option.js';
import type { Modules } from './type.js';

/** The known options and those that modules declare with lib.mkOption. */
export function withDeclarations(
  known: Options,
  declarations: readonly AttrSet[],
  modules: Pick<Modules, 'call'>,
): Options {
  return declarations.reduce((all, set) => add(all, set, [], modules), known);
}

function add(known: Options, set: AttrSet, place: Place, modules: Pick<Modules, 'call'>): Options {
  const all: Record<string, Options[string]> = { ...known };
  for (const [name, lazy] of set) {
    const here = [...place, name];
    const value = force(lazy);
    const position = set.position(name);
    const before = all[name];
    if (!(value instanceof AttrSet)) {
      throw new NixError(
        'type',
        { asked: `options.${showPlace(here)} is not declared with lib.mkOption` },
        position,
      );
    }
    if (markOf(value) !== 'option') {
      if (before instanceof Option || before instanceof Alias) throw declaredTwice(here, before, set);
      all[name] = add(before ?? {}, value, here, modules);
      continue;
    }
    if (before) throw declaredTwice(here, before, set);
    all[name] = new Option(value.has('type') ? readType(value.get('type')!, modules) : anything, {
      default: value.get('default'),
      apply: value.get('apply'),
      readOnly: value.has('readOnly') && expectBool(value.get('readOnly')!),
      declared: position ? String(position) : undefined,
    });
  }
  return all;
}

function declaredTwice(place: Place, before: Options[string], set: AttrSet): NixError {
  const other = before instanceof Option ? before.parts.declared : undefined;
  return new NixError(
    'evaluation',
    {
      asked: `the option ${showPlace(place)} is declared twice`,
      found: other ? `the other one is at ${other}` : 'it is an option of NixOS, or holds some',
    },
    set.position(place.at(-1)!),
  );
}
