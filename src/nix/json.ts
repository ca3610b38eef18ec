import { AttrSet, Attrs } from './attrs.js';
import { coerceToText } from './coerce.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import type { Evaluation } from './evaluation.js';
import { type Context, contextOf, NixString, type Text, withContext } from './text.js';
import { force, type Lazy, NixPath, type Value } from './value.js';

/** A value as JSON text: sets through `__toString` or `outPath` where they have one. Functions are an error. */
export function toJson(evaluation: Evaluation, lazy: Lazy, copy: (path: string) => Text): Text {
  const contexts = new Set<string>();
  const note = (text: Text): string => {
    for (const element of contextOf(text) as Context) contexts.add(element);
    return JSON.stringify(String(text));
  };
  const write = (item: Lazy): string => {
    evaluation.step();
    const value = force(item);
    if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return floatJson(value);
    if (typeof value === 'string' || value instanceof NixString) return note(value);
    if (value instanceof NixPath) return note(copy(value.path));
    if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
    if (value instanceof AttrSet) {
      if (value.has('__toString')) return note(coerceToText(evaluation, value));
      const outPath = value.get('outPath');
      if (outPath !== undefined) return write(outPath);
      return `{${[...value].map(([name, each]) => `${JSON.stringify(name)}:${write(each)}`).join(',')}}`;
    }
    throw new NixError('type', { asked: 'this cannot be written as JSON', found: describe(value) });
  };
  return withContext(write(lazy), contexts);
}

/** As Nix's JSON library writes it, which has an exponent earlier than JavaScript. */
function floatJson(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  if (Number(power) >= -4 && Number(power) < 15) {
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  }
  return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`;
}

/** The value of a JSON text. Numbers without point and exponent are integers. Throws NixError. */
export function fromJson(text: string): Value {
  let plain: unknown;
  try {
    JSON.parse(text);
    plain = JSON.parse(tagged(text));
  } catch (error) {
    throw new NixError('evaluation', { asked: 'this is not valid JSON', found: (error as Error).message });
  }
  return untagged(plain);
}

/** Numbers become strings, so that `1` and `1.0` stay apart: `"n1"`, and a string `"sabc"`. */
function tagged(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"|-?\d[\d.eE+-]*/g, (token, inner: string | undefined) =>
    inner === undefined ? `"n${token}"` : `"s${inner}"`,
  );
}

function untagged(value: unknown): Value {
  if (typeof value === 'string') {
    const text = value.slice(1);
    if (value[0] === 's') return text;
    return /[.eE]/.test(text) ? Number(text) : bounded(text);
  }
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value === 'object' && value !== null) {
    return Attrs.from(Object.entries(value).map(([name, item]) => [name.slice(1), untagged(item)] as const));
  }
  return value as null | boolean;
}

/** Integers beyond 64 bits become floats, as in Nix. */
function bounded(digits: string): bigint | number {
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : Number(digits);
}
