import { NixError } from './error.js';
import type { Position } from './source.js';

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** Integers are of 64 bits, and leaving them is an error; a float on either side makes a float. */
export function arithmetic(
  operator: '+' | '-' | '*' | '/',
  left: bigint | number,
  right: bigint | number,
  position?: Position,
): bigint | number {
  if (operator === '/' && Number(right) === 0) throw new NixError('evaluation', 'division by zero', position);
  if (typeof left === 'number' || typeof right === 'number') {
    return onFloats(operator, Number(left), Number(right));
  }
  const result = onIntegers(operator, left, right);
  if (result > most || result < least) {
    throw new NixError('evaluation', `${left} ${operator} ${right} is too big for an integer`, position);
  }
  return result;
}

function onFloats(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

function onIntegers(operator: '+' | '-' | '*' | '/', left: bigint, right: bigint): bigint {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

/** An integer of a JavaScript number. Throws NixError when it does not fit. */
export function integer(value: number): bigint {
  const result = Number.isFinite(value) ? BigInt(value) : undefined;
  if (result === undefined || result > most || result < least) {
    throw new NixError('evaluation', `${value} is too big for an integer`);
  }
  return result;
}

/** A float as Nix prints it: six significant digits. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(5).split('e')[1]);
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  const [digits, power] = value.toExponential(5).split('e') as [string, string];
  return `${Number(digits)}e${power[0]}${power.slice(1).padStart(2, '0')}`;
}
