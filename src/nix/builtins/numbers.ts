import { compare } from '../compare.js';
import { expectInt, expectNumber } from '../expect.js';
import { arithmetic, integer } from '../numbers.js';
import { force } from '../value.js';
import type { Builtins } from './builtin.js';

export const numberBuiltins: Builtins = {
  add: (a, b) => arithmetic('+', expectNumber(a), expectNumber(b)),
  sub: (a, b) => arithmetic('-', expectNumber(a), expectNumber(b)),
  mul: (a, b) => arithmetic('*', expectNumber(a), expectNumber(b)),
  div: (a, b) => arithmetic('/', expectNumber(a), expectNumber(b)),
  lessThan: (a, b) => compare(force(a), force(b)) < 0,
  bitAnd: (a, b) => expectInt(a) & expectInt(b),
  bitOr: (a, b) => expectInt(a) | expectInt(b),
  bitXor: (a, b) => expectInt(a) ^ expectInt(b),
  ceil: number => integer(Math.ceil(Number(expectNumber(number)))),
  floor: number => integer(Math.floor(Number(expectNumber(number)))),
};
