import { AttrSet } from './attrs.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import type { Position } from './source.js';
import { compareText, NixString } from './text.js';
import { force, Lambda, type Lazy, NixPath, Primop, type Value } from './value.js';

/** `a == b`. Functions are never equal, except as one and the same item of a list or set. */
export function equal(a: Value, b: Value): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: 1 == 1.0 holds in Nix, and a bigint is never === a number
  if (isNumber(a) && isNumber(b)) return a == b;
  if (isText(a) && isText(b)) return String(a) === String(b);
  if (a instanceof NixPath && b instanceof NixPath) return a.path === b.path;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equalItems(item, b[index]!));
  }
  if (a instanceof AttrSet && b instanceof AttrSet) return equalSets(a, b);
  if (a instanceof Lambda || a instanceof Primop) return false;
  return a === b;
}

/** The values are needed first: one that fails is equal to nothing, not even to itself. */
function equalItems(a: Lazy, b: Lazy): boolean {
  const [left, right] = [force(a), force(b)];
  return (a === b && (typeof a === 'object' || typeof a === 'function')) || equal(left, right);
}

function equalSets(a: AttrSet, b: AttrSet): boolean {
  if (isDerivation(a) && isDerivation(b) && a.has('outPath') && b.has('outPath')) {
    return equal(force(a.get('outPath')!), force(b.get('outPath')!));
  }
  const names = a.names();
  const others = b.names();
  if (names.length !== others.length || names.some((name, index) => name !== others[index])) return false;
  return names.every(name => equalItems(a.get(name)!, b.get(name)!));
}

export function isDerivation(value: Value): value is AttrSet {
  if (!(value instanceof AttrSet)) return false;
  const type = value.get('type');
  return type !== undefined && force(type) === 'derivation';
}

/** Negative when `a < b`. Numbers, strings, paths and lists of them have an order. */
export function compare(a: Value, b: Value, position?: Position): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (isText(a) && isText(b)) return compareText(String(a), String(b));
  if (a instanceof NixPath && b instanceof NixPath) return compareText(a.path, b.path);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const x = force(a[i]!);
      const y = force(b[i]!);
      if (!equal(x, y)) return compare(x, y, position);
    }
    return a.length - b.length;
  }
  throw new NixError(
    'type',
    {
      asked: 'expected two values that have an order: numbers, strings, paths or lists',
      found: `${describe(a)} and ${describe(b)}`,
    },
    position,
  );
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function isText(value: Value): value is string | NixString {
  return typeof value === 'string' || value instanceof NixString;
}
