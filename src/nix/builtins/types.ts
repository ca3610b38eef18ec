import { typeOf } from '../describe.js';
import { force } from '../value.js';
import type { Builtins } from './builtin.js';

export const typeBuiltins: Builtins = {
  typeOf: value => typeOf(force(value)),
  isNull: value => force(value) === null,
  isBool: value => typeOf(force(value)) === 'bool',
  isInt: value => typeOf(force(value)) === 'int',
  isFloat: value => typeOf(force(value)) === 'float',
  isString: value => typeOf(force(value)) === 'string',
  isPath: value => typeOf(force(value)) === 'path',
  isList: value => typeOf(force(value)) === 'list',
  isAttrs: value => typeOf(force(value)) === 'set',
  isFunction: value => typeOf(force(value)) === 'lambda',
};
