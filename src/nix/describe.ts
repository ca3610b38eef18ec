import { AttrSet } from './attrs.js';
import { quoted } from './literal.js';
import { NixString } from './text.js';
import { Lambda, NixPath, Primop, type Value } from './value.js';

/** The name of a value's type as `builtins.typeOf` gives it. */
export function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string' || value instanceof NixString) return 'string';
  if (value instanceof NixPath) return 'path';
  if (Array.isArray(value)) return 'list';
  if (value instanceof AttrSet) return 'set';
  return 'lambda';
}

const described: Record<string, string> = {
  null: 'null',
  bool: 'a Boolean',
  int: 'an integer',
  float: 'a float',
  string: 'a string',
  path: 'a path',
  list: 'a list',
  set: 'a set',
  lambda: 'a function',
};

/** A value in a few words, for messages: `an integer: 3`, `a set with the attributes a, b`. */
export function describe(value: Value): string {
  const type = described[typeOf(value)]!;
  if (value === null) return type;
  if (typeof value === 'string' || value instanceof NixString)
    return `${type}: ${quoted(shorten(String(value)))}`;
  if (value instanceof NixPath || ['boolean', 'bigint', 'number'].includes(typeof value))
    return `${type}: ${value}`;
  if (Array.isArray(value)) return `${type} of ${value.length} ${value.length === 1 ? 'item' : 'items'}`;
  if (value instanceof AttrSet) {
    const names = value.names();
    if (!names.length) return 'a set without attributes';
    return `${type} with ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  }
  if (value instanceof Primop) return `${type}: the builtin '${value.name}'`;
  return value instanceof Lambda && value.code.name ? `${type}: '${value.code.name}'` : type;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
