import type { Row } from '../display/table.js';
import { isObject } from '../is-object.js';
import { nearest } from '../suggest.js';
import { CallError, inPlaceOfOptions } from './calls.js';
import { Params } from './params.js';
import { shown } from './shown.js';

/** An option that is not known would be left out silently: it is a CallError with the nearest names. */
export function checkOptions(call: string, options: object, known: readonly string[]): void {
  requireOptions(call, options, known);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new CallError({
      asked: `${call} has no option "${name}"`,
      nearest: nearest(name, known),
      found: `its options are ${known.join(', ')}`,
    });
  }
}

/** So would be a number in their place: it is a CallError, too. */
export function requireOptions(call: string, given: unknown, known: readonly string[]): void {
  if (isObject(given)) return;
  throw new CallError({
    asked: inPlaceOfOptions(call, given),
    todo: `write { ${known.map(name => `${name}: …`).join(', ')} }`,
  });
}

/** The options of a call, each to be read with its type. */
export function optionsOf(call: string, given: object, known: readonly string[]): Params {
  checkOptions(call, given, known);
  return new Params(call, given);
}

/** Rows of a table; what is none would be an empty line, or the letters of a text. */
export function rowsOf(call: string, given: unknown): Row[] {
  const rows = isIterable(given) ? [...given] : undefined;
  const wrong = rows ? rows.find(row => !isObject(row)) : given;
  if (rows?.every(isObject)) return rows;
  throw new CallError({
    asked: `${call} needs rows: objects of columns and values`,
    found: shown(wrong),
    todo: `write ${call}([{ node: 'a', ms: 3 }, { node: 'b', ms: 5 }])`,
  });
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** What a call does its work with; without it the call would find out late, or try for ever. */
export function requireFunction(call: string, given: unknown): void {
  if (typeof given === 'function') return;
  throw new CallError({ asked: `${call} needs a function`, found: shown(given) });
}
