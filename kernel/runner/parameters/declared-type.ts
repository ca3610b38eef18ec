import { JsonNumber } from '../ipynb/json.js';

/** What a parameter's declaration says that its value is. */
export type DeclaredType =
  | { is: 'boolean' | 'number' | 'bigint' | 'string' | 'null' | 'unknown' }
  | { is: 'literal'; value: unknown }
  | { is: 'list'; of: DeclaredType }
  | { is: 'object'; members: ReadonlyMap<string, DeclaredType> }
  | { is: 'union'; of: readonly DeclaredType[] };

export const UNKNOWN: DeclaredType = { is: 'unknown' };

/** Whether a value, as `readValue` gives it, is of the type. */
export function fits(value: unknown, type: DeclaredType): boolean {
  switch (type.is) {
    case 'unknown':
      return true;
    case 'null':
      return value === null;
    case 'number':
      return typeof value === 'number' || (value instanceof JsonNumber && isExact(value));
    case 'literal':
      return value instanceof JsonNumber ? Number(value) === type.value : value === type.value;
    case 'list':
      return Array.isArray(value) && value.every(member => fits(member, type.of));
    case 'object':
      return (
        isPlain(value) &&
        Object.entries(value).every(([key, one]) => fits(one, type.members.get(key) ?? UNKNOWN))
      );
    case 'union':
      return type.of.some(one => fits(value, one));
    default:
      return typeof value === type.is;
  }
}

/** A number of JavaScript holds every digit of an integer up to 2^53; of others the nearest is meant anyway. */
export const isExact = (number: JsonNumber): boolean =>
  !/^-?\d+$/.test(number.text) || Number.isSafeInteger(Number(number));

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** In words for a message: `a number`, `one of "fast", "slow"`. */
export function typeName(type: DeclaredType): string {
  switch (type.is) {
    case 'unknown':
      return 'any value';
    case 'null':
      return 'null';
    case 'object': {
      const members = [...type.members].filter(([, one]) => one.is !== 'unknown');
      const named = members.map(([key, one]) => `${key} is ${typeName(one)}`);
      return named.length > 0 ? `an object (${named.join(', ')})` : 'an object';
    }
    case 'list':
      return type.of.is === 'unknown' ? 'a list' : `a list, each of it ${typeName(type.of)}`;
    case 'literal':
      return JSON.stringify(type.value);
    case 'union':
      return type.of.map(typeName).join(' or ');
    default:
      return `a ${type.is}`;
  }
}

/** Whether text is among what it takes. */
export const takesText = (type: DeclaredType): boolean =>
  type.is === 'string' || (type.is === 'union' && type.of.some(takesText)) || isTextLiteral(type);
const isTextLiteral = (type: DeclaredType): boolean =>
  type.is === 'literal' && typeof type.value === 'string';

export const takesBigint = (type: DeclaredType): boolean =>
  type.is === 'bigint' || (type.is === 'union' && type.of.some(takesBigint));
