import { resolve } from 'node:path';
import { AttrSet, update } from '../attrs.js';
import { endsCut, mended } from '../bytes.js';
import { coerceToText } from '../coerce.js';
import { compare, equal } from '../compare.js';
import { describe } from '../describe.js';
import { NixError } from '../error.js';
import { expectAttrs, expectBool, expectList, expectNumber } from '../expect.js';
import { joinLists } from '../item-positions.js';
import { arithmetic } from '../numbers.js';
import { checkTextLength } from '../size.js';
import type { Position } from '../source.js';
import type { Binary } from '../syntax/tree.js';
import { concatenate, contextOf, NixString } from '../text.js';
import { type Code, NixPath, type Value } from '../value.js';
import type { Compiler } from './code.js';
import type { Scope } from './scope.js';

export function compileBinary(compiler: Compiler, node: Binary, scope: Scope): Code {
  const left = compiler.compile(node.left, scope);
  const right = compiler.compile(node.right, scope);
  const at = node.operatorPosition;
  const l = node.left.position;
  const r = node.right.position;
  switch (node.operator) {
    case '&&':
      return env => expectBool(left(env), l) && expectBool(right(env), r);
    case '||':
      return env => expectBool(left(env), l) || expectBool(right(env), r);
    case '->':
      return env => !expectBool(left(env), l) || expectBool(right(env), r);
    case '==':
      return env => equal(left(env), right(env));
    case '!=':
      return env => !equal(left(env), right(env));
    case '<':
      return env => compare(left(env), right(env), at) < 0;
    case '>':
      return env => compare(left(env), right(env), at) > 0;
    case '<=':
      return env => compare(left(env), right(env), at) <= 0;
    case '>=':
      return env => compare(left(env), right(env), at) >= 0;
    case '//':
      return env => update(expectAttrs(left(env), l), expectAttrs(right(env), r));
    case '++':
      return env => joinLists(expectList(left(env), l), expectList(right(env), r));
    case '+':
      return env => add(compiler, left(env), right(env), at);
    case '-':
    case '*':
    case '/': {
      const operator = node.operator;
      return env => arithmetic(operator, expectNumber(left(env), l), expectNumber(right(env), r), at);
    }
  }
}

export function compileUnary(operator: '!' | '-', operand: Code, position: Position): Code {
  if (operator === '!') return env => !expectBool(operand(env), position);
  return env => arithmetic('-', 0n, expectNumber(operand(env), position), position);
}

/** `a + b`: numbers, strings, or a path with something at its end; the left side decides which. */
function add({ evaluation, files }: Compiler, left: Value, right: Value, position: Position): Value {
  if (typeof left === 'bigint' || typeof left === 'number') {
    if (typeof right === 'bigint' || typeof right === 'number') return arithmetic('+', left, right, position);
    throw cannotAdd(left, right, position);
  }
  if (typeof left === 'string' && typeof right === 'string') {
    checkTextLength(left.length + right.length);
    return endsCut(left) ? mended(left + right) : left + right;
  }
  if (left instanceof NixPath) {
    const end = coerceToText(evaluation, right, { position });
    if (contextOf(end).size) {
      throw new NixError('type', 'a string that refers to the store cannot be added to a path', position);
    }
    return new NixPath(resolve(left.path + end));
  }
  if (typeof left !== 'string' && !(left instanceof NixString) && !(left instanceof AttrSet)) {
    throw cannotAdd(left, right, position);
  }
  const copy = left instanceof AttrSet ? undefined : files.copy;
  const start = coerceToText(evaluation, left, { position });
  if (typeof right === 'bigint' || typeof right === 'number') throw cannotAdd(left, right, position);
  return concatenate([start, coerceToText(evaluation, right, { position, copy })]);
}

function cannotAdd(left: Value, right: Value, position: Position): NixError {
  const numbers = [left, right].some(value => typeof value === 'bigint' || typeof value === 'number');
  return new NixError(
    'type',
    {
      asked: "the two sides of '+' do not fit together",
      found: `${describe(left)} and ${describe(right)}`,
      todo: numbers ? 'toString makes a string of a number' : undefined,
    },
    position,
  );
}
