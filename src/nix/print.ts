import { AttrSet } from './attrs.js';
import { attributeName, quoted } from './literal.js';
import { floatText } from './numbers.js';
import { NixString } from './text.js';
import { Lambda, type Lazy, NixPath, Primop, Thunk, type Value } from './value.js';

/** A value as `nix eval` prints it. Without `strict`, what is not computed yet is printed as `<CODE>`, as `nix-instantiate --eval` does. */
export function print(lazy: Lazy, strict: boolean, around: ReadonlySet<Value> = new Set()): string {
  if (lazy instanceof Thunk && !strict && !lazy.forced) return '<CODE>';
  const value = lazy instanceof Thunk ? lazy.force() : lazy;
  if (Array.isArray(value)) {
    if (around.has(value)) return '«repeated»';
    const inside = new Set([...around, value]);
    return ['[', ...value.map(item => print(item, strict, inside)), ']'].join(' ');
  }
  if (value instanceof AttrSet) {
    if (around.has(value)) return '«repeated»';
    const inside = new Set([...around, value]);
    const bindings = [...value].map(
      ([name, item]) => `${attributeName(name)} = ${print(item, strict, inside)};`,
    );
    return ['{', ...bindings, '}'].join(' ');
  }
  return printScalar(value);
}

function printScalar(value: Exclude<Value, AttrSet | Lazy[]>): string {
  if (typeof value === 'string' || value instanceof NixString) return quoted(String(value));
  if (typeof value === 'number') return floatText(value);
  if (value instanceof NixPath) return value.path;
  if (value instanceof Lambda) return '<LAMBDA>';
  if (value instanceof Primop) return value.bound.length ? '<PRIMOP-APP>' : '<PRIMOP>';
  return String(value);
}
