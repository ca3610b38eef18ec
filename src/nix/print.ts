import { AttrSet } from './attrs.js';
import { NixError } from './error.js';
import { attributeName, quoted } from './literal.js';
import { floatText } from './numbers.js';
import { NixString } from './text.js';
import { Lambda, type Lazy, NixPath, Primop, Thunk, type Value } from './value.js';

/**
 * What becomes of the items of lists and sets: `strict` computes them and fails when one fails, `tolerant` shows the
 * failure in its place, `lazy` shows `<CODE>` for what is not computed yet.
 */
export type PrintMode = 'strict' | 'tolerant' | 'lazy';

/** A value on one line, as `nix eval` prints it: a list or set that was shown already is `«repeated»`. */
export function print(value: Value, mode: PrintMode, shown = new Set<Value>()): string {
  if (!Array.isArray(value) && !(value instanceof AttrSet)) return printScalar(value);
  if (shown.has(value)) return '«repeated»';
  if (Array.isArray(value) ? value.length : value.names().length) shown.add(value);
  const item = (lazy: Lazy) => printItem(lazy, mode, shown);
  if (Array.isArray(value)) return ['[', ...value.map(item), ']'].join(' ');
  const bindings = [...value].map(([name, each]) => `${attributeName(name)} = ${item(each)};`);
  return ['{', ...bindings, '}'].join(' ');
}

function printItem(lazy: Lazy, mode: PrintMode, shown: Set<Value>): string {
  if (!(lazy instanceof Thunk)) return print(lazy, mode, shown);
  if (mode === 'lazy' && !lazy.forced) return '<CODE>';
  let value: Value;
  try {
    value = lazy.force();
  } catch (error) {
    if (mode !== 'tolerant' || !(error instanceof NixError) || error.kind === 'budget') throw error;
    return `«error: ${error.parts.asked}»`;
  }
  return print(value, mode, shown);
}

function printScalar(value: Exclude<Value, AttrSet | Lazy[]>): string {
  if (typeof value === 'string' || value instanceof NixString) return quoted(String(value));
  if (typeof value === 'number') return floatText(value);
  if (value instanceof NixPath) return value.path;
  if (value instanceof Lambda) return '<LAMBDA>';
  if (value instanceof Primop) return value.bound.length ? '<PRIMOP-APP>' : '<PRIMOP>';
  return String(value);
}
