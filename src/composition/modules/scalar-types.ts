import { AttrSet } from '../../nix/attrs.js';
import { concatenate, NixString, type Text } from '../../nix/text.js';
import { force, Lambda, NixPath, Primop, type Value } from '../../nix/value.js';
import { mergeEqual } from './merge.js';
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

/** An absolute path: as a path, a string, or a package. */
export const path: OptionType = {
  description: 'an absolute path',
  check: value =>
    value instanceof NixPath || isPackage(value) || (isText(value) && String(value).startsWith('/')),
  merge: (place, definitions) => mergeEqual(place, definitions, samePath),
};

export const packageType: OptionType = {
  description: 'a package',
  check: value =>
    isPackage(value) || value instanceof NixPath || (isText(value) && String(value).startsWith('/')),
  merge: (place, definitions) => mergeEqual(place, definitions, samePath),
};

function samePath(a: Value, b: Value): boolean {
  return a === b || pathText(a) === pathText(b);
}

function pathText(value: Value): string {
  return value instanceof AttrSet ? String(force(value.get('outPath')!)) : String(value);
}

export function intBetween(lowest?: bigint, highest?: bigint): OptionType {
  const range = [
    lowest === undefined ? '' : `at least ${lowest}`,
    highest === undefined ? '' : `at most ${highest}`,
  ];
  return scalar(
    `an integer of ${range.filter(Boolean).join(' and ')}`,
    value =>
      typeof value === 'bigint' &&
      (lowest === undefined || value >= lowest) &&
      (highest === undefined || value <= highest),
  );
}

export function enumeration(values: readonly Value[]): OptionType {
  const shown = values.map(value => (isText(value) ? JSON.stringify(String(value)) : String(value)));
  return scalar(`one of ${shown.join(', ')}`, value =>
    values.some(known => typeof known === typeof value && String(known) === String(value)),
  );
}

export function matching(pattern: string): OptionType {
  const expression = new RegExp(`^(?:${pattern})$`, 's');
  return scalar(`a string that matches ${pattern}`, value => isText(value) && expression.test(String(value)));
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
  merge: (place, definitions) => mergeEqual(place, definitions, (a, b) => a === b),
};

export function isFunction(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Primop || (value instanceof AttrSet && value.has('__functor'))
  );
}
