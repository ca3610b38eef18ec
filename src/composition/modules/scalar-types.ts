import { AttrSet } from '../../nix/attrs.js';
import { equal, isDerivation } from '../../nix/compare.js';
import { expectAttrs, expectBool } from '../../nix/expect.js';
import { concatenate, NixString, type Text } from '../../nix/text.js';
import { force, Lambda, NixPath, Primop, type Value } from '../../nix/value.js';
import { mergeEqual, mergeOne } from './merge.js';
import type { OptionType } from './type.js';

export function isText(value: Value): value is Text {
  return typeof value === 'string' || value instanceof NixString;
}

function isPackage(value: Value): value is AttrSet {
  return value instanceof AttrSet && value.has('outPath');
}

/** A type with one value: definitions must agree. */
function scalar(description: string, check: (value: Value) => boolean): OptionType {
  return { description, check, merge: (place, definitions) => mergeEqual(place, definitions) };
}

export const bool = scalar('true or false', value => typeof value === 'boolean');
export const int = scalar('an integer', value => typeof value === 'bigint');
export const float = scalar('a floating point number', value => typeof value === 'number');
export const str = scalar('a string', isText);

export const boolByOr: OptionType = {
  ...bool,
  merge: (_place, definitions) => definitions.some(({ value }) => value === true),
};

/** A path: as a path, a string, or a package. Undefined where it does not matter whether it is absolute or in the store. */
export function pathWith(absolute?: boolean, inStore?: boolean): OptionType {
  return {
    description: `${absolute === false ? 'a relative' : absolute ? 'an absolute' : 'a'} path${
      inStore === undefined ? '' : inStore ? ' in the Nix store' : ' not in the Nix store'
    }`,
    check: value => {
      // A path would be copied to the store.
      if (
        inStore === false ? !isText(value) : !(value instanceof NixPath || isPackage(value) || isText(value))
      )
        return false;
      const text = pathText(value);
      return (
        (absolute === undefined || absolute === text.startsWith('/')) &&
        (inStore === undefined || inStore === IN_STORE.test(text))
      );
    },
    merge: (place, definitions) => mergeEqual(place, definitions, samePath),
  };
}

const IN_STORE = /^\/(nix\/store\/[^/]{32}-[^/]|[0-9a-z]{52}(\/|$))/;

/** An absolute path. */
export const path = pathWith(true);

export const packageType: OptionType = {
  description: 'a package',
  check: value =>
    isPackage(value) || value instanceof NixPath || (isText(value) && String(value).startsWith('/')),
  merge: (place, definitions) => mergeEqual(place, definitions, samePath),
};

/** As lib.types.package: what is built, or is in the store; packages of `local` have their own. */
export const packageInStore: OptionType = {
  ...packageType,
  check: value =>
    isPackage(value) || isDerivation(value) || (isPathLike(value) && STORED.test(pathText(value))),
};

const isPathLike = (value: Value): boolean => value instanceof NixPath || isText(value);
const STORED = /^(\/nix\/store|.*\/local\/pkgs-[0-9a-f]{8}|.*\/nxc\/packages\/[0-9a-f]{16})\/[^/]+$/;

function samePath(a: Value, b: Value): boolean {
  return a === b || pathText(a) === pathText(b);
}

function pathText(value: Value): string {
  return value instanceof AttrSet ? String(force(value.get('outPath')!)) : String(value);
}

export function enumeration(values: readonly Value[]): OptionType {
  const shown = values.map(value => (isText(value) ? JSON.stringify(String(value)) : String(value)));
  return scalar(`one of ${shown.join(', ')}`, value => values.some(known => equal(known, value)));
}

/** Definitions are put together with something between them: `lines`, `commas`. */
export function separated(separator: string): OptionType {
  return {
    description:
      separator === '\n'
        ? 'a text of one or more lines'
        : `a string of parts with ${JSON.stringify(separator)} between`,
    check: isText,
    merge: (_place, definitions) =>
      concatenate(
        definitions.map(({ value }) => value as Text),
        separator,
      ),
  };
}

export const lines = separated('\n');

/** One definition of any kind, handed through. */
export const raw: OptionType = {
  description: 'a value',
  check: () => true,
  merge: mergeOne,
};

export function isFunction(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Primop || (value instanceof AttrSet && value.has('__functor'))
  );
}

/** The arguments that a function takes by name, and whether it does without them; of a set with `__functor`, what the set says. */
export function formalsOf(value: Value): Iterable<readonly [string, boolean]> {
  if (value instanceof Lambda) return value.formals ?? [];
  const said = value instanceof AttrSet ? value.get('__functionArgs') : undefined;
  return said === undefined
    ? []
    : [...expectAttrs(said)].map(([name, optional]) => [name, expectBool(optional)]);
}
