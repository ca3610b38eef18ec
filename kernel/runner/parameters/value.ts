import { JsonNumber } from '../ipynb/json.js';
import type { Declaration } from './declarations.js';
import { type DeclaredType, fits, isExact, takesBigint, takesText, typeName } from './declared-type.js';
import { ParameterError } from './error.js';
import type { Given } from './given.js';
import { typescriptLiteral } from './literal.js';
import { readNumber, readValue } from './read-value.js';

/** The value that a parameter gets. Another type than the declared one is an error: `"False"` would be true. */
export function parameterValue(name: string, given: Given, declared: Declaration | undefined): unknown {
  const type = declared?.type ?? { is: 'unknown' };
  const found = 'text' in given ? fromText(given.text, type) : fromValue(given.value, type);
  if (found !== undefined) return found;
  const shown = 'text' in given ? given.text : typescriptLiteral(given.value);
  throw new ParameterError({
    asked: `the parameter "${name}" is declared as ${typeName(type)}, and ${faultOf(shown, type)}`,
    found: `line ${declared!.line} of the cell tagged "parameters": ${declared!.text}`,
    todo: hintFor(name, type),
  });
}

function faultOf(shown: string, type: DeclaredType): string {
  const isInteger = /^[+-]?\d+$/.test(shown);
  if (isInteger && fits(0, type)) return `no number is exactly ${shown}: the nearest is ${Number(shown)}`;
  return `${shown || 'nothing'} is none`;
}

function fromText(text: string, type: DeclaredType): unknown {
  const read = readValue(text);
  // Where nothing is declared, zeros in front are rather part of a name: 01234.
  const mayBeNumber =
    typeof read === 'string' && fits(0, type) && !(type.is === 'unknown' && /^[+-]?0\d/.test(text));
  const number = mayBeNumber ? readNumber(text) : undefined;
  const found = fromValue(number ?? read, type);
  if (found !== undefined) return found;
  // For who declares text, every word is text; but null is rather meant as the value.
  return takesText(type) && read !== null && fits(text, type) ? text : undefined;
}

function fromValue(value: unknown, type: DeclaredType): unknown {
  const integer = integerOf(value);
  if (integer !== undefined && takesBigint(type) && !fits(value, type)) return integer;
  if (!fits(value, type)) return undefined;
  return value instanceof JsonNumber && integer !== undefined && !isExact(value) ? integer : value;
}

function integerOf(value: unknown): bigint | undefined {
  const text = value instanceof JsonNumber ? value.text : typeof value === 'number' ? String(value) : '';
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function hintFor(name: string, type: DeclaredType): string {
  const example: Partial<Record<DeclaredType['is'], string>> = {
    boolean: `-p ${name}=True or -p ${name}=False`,
    number: `-p ${name}=4`,
    bigint: `-p ${name}=4`,
    string: `-p '${name}="text"'`,
    list: `-p '${name}=[1, 2]'`,
    object: `-p '${name}={"key": 1}'`,
  };
  return `write ${example[type.is] ?? `-p ${name}=VALUE with ${typeName(type)}`}, or change the declaration`;
}
