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

/** What a call does its work with; without it the call would find out late, or try for ever. */
export function requireFunction(call: string, given: unknown): void {
  if (typeof given === 'function') return;
  throw new CallError({ asked: `${call} needs a function`, found: shown(given) });
}
