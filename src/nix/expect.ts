import { AttrSet } from './attrs.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import type { Position } from './source.js';
import { NixString, type Text } from './text.js';
import { force, Lambda, type Lazy, Primop, type Value } from './value.js';

// Each forces a value and says so when it is of another type than the one that is needed.

function mismatch(wanted: string, value: Value, position: Position | undefined): NixError {
  return new NixError('type', { asked: `expected ${wanted}`, found: describe(value) }, position);
}

export function expectBool(lazy: Lazy, position?: Position): boolean {
  const value = force(lazy);
  if (typeof value === 'boolean') return value;
  throw mismatch('a Boolean', value, position);
}

export function expectInt(lazy: Lazy, position?: Position): bigint {
  const value = force(lazy);
  if (typeof value === 'bigint') return value;
  throw mismatch('an integer', value, position);
}

export function expectNumber(lazy: Lazy, position?: Position): bigint | number {
  const value = force(lazy);
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  throw mismatch('a number', value, position);
}

export function expectText(lazy: Lazy, position?: Position): Text {
  const value = force(lazy);
  if (typeof value === 'string' || value instanceof NixString) return value;
  throw mismatch('a string', value, position);
}

/** A string whose context does not matter. */
export function expectString(lazy: Lazy, position?: Position): string {
  const value = expectText(lazy, position);
  return typeof value === 'string' ? value : value.text;
}

export function expectList(lazy: Lazy, position?: Position): readonly Lazy[] {
  const value = force(lazy);
  if (Array.isArray(value)) return value;
  throw mismatch('a list', value, position);
}

export function expectAttrs(lazy: Lazy, position?: Position): AttrSet {
  const value = force(lazy);
  if (value instanceof AttrSet) return value;
  throw mismatch('a set', value, position);
}

export function expectFunction(lazy: Lazy, position?: Position): Lambda | Primop | AttrSet {
  const value = force(lazy);
  if (value instanceof Lambda || value instanceof Primop) return value;
  if (value instanceof AttrSet && value.has('__functor')) return value;
  throw mismatch('a function', value, position);
}
