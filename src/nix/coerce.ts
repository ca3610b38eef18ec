import { AttrSet } from './attrs.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import type { Evaluation } from './evaluation.js';
import type { Position } from './source.js';
import { concatenate, NixString, type Text } from './text.js';
import { force, type Lazy, NixPath } from './value.js';

export interface Coercion {
  /** What a path becomes; without it, its own text. */
  copy?: (path: string) => Text;
  /** Numbers, Booleans, null and lists too, as `toString` takes them. */
  anything?: boolean;
  position?: Position;
}

/** A value as a string, as interpolation and `toString` make it: sets through `__toString` or `outPath`. */
export function coerceToText(evaluation: Evaluation, lazy: Lazy, coercion: Coercion = {}): Text {
  const value = force(lazy);
  if (typeof value === 'string' || value instanceof NixString) return value;
  if (value instanceof NixPath) return coercion.copy ? coercion.copy(value.path) : value.path;
  if (value instanceof AttrSet) {
    const toText = value.get('__toString');
    if (toText !== undefined) return coerceToText(evaluation, evaluation.call(toText, value), coercion);
    const outPath = value.get('outPath');
    if (outPath !== undefined) return coerceToText(evaluation, outPath, coercion);
  } else if (coercion.anything) {
    if (value === null || value === false) return '';
    if (value === true) return '1';
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return value.toFixed(6);
    if (Array.isArray(value)) return joinItems(evaluation, value, coercion);
  }
  throw new NixError(
    'type',
    {
      asked: 'expected something that can stand in a string',
      found: describe(value),
      todo: coercion.anything ? undefined : 'toString makes a string of numbers, Booleans and lists',
    },
    coercion.position,
  );
}

function joinItems(evaluation: Evaluation, items: readonly Lazy[], coercion: Coercion): Text {
  const texts: Text[] = [];
  items.forEach((item, index) => {
    texts.push(coerceToText(evaluation, item, coercion));
    const value = force(item);
    // As Nix: an empty list leaves no blank behind.
    if (index < items.length - 1 && !(Array.isArray(value) && value.length === 0)) texts.push(' ');
  });
  return concatenate(texts);
}
