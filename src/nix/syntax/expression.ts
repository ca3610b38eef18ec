import { NixError } from '../error.js';
import { isFunctionAhead, readLambda } from './lambda.js';
import { readOperation } from './operation.js';
import { readBindings } from './set.js';
import type { TokenReader } from './token-reader.js';
import type { Expression } from './tree.js';

/** Any expression: one of the forms that reach as far to the right as they can, or operators and their operands. */
export function readExpression(read: TokenReader): Expression {
  switch (read.next.type) {
    case 'assert':
      return readAssert(read);
    case 'with':
      return readWith(read);
    case 'let':
      // `let { … }` is an operand, from before there was `in`.
      return read.peek(1)?.type === '{' ? readOperation(read, 0) : readLet(read);
    case 'if':
      return readIf(read);
    default:
      return isFunctionAhead(read) ? readLambda(read) : readOperation(read, 0);
  }
}

function readAssert(read: TokenReader): Expression {
  const { start } = read.take();
  const condition = read.expression();
  read.expect(';', 'after the condition of assert');
  const body = read.expression();
  return { type: 'assert', condition, body, position: read.since(start) };
}

function readWith(read: TokenReader): Expression {
  const { start } = read.take();
  const scope = read.expression();
  read.expect(';', 'after the set of with');
  const body = read.expression();
  return { type: 'with', scope, body, position: read.since(start) };
}

function readLet(read: TokenReader): Expression {
  const { start } = read.take();
  const bindings = readBindings(read, 'in');
  const dynamic = bindings.dynamic[0];
  if (dynamic) read.report(new NixError('parse', 'let allows no dynamic names', dynamic.position));
  read.expect('in', 'after the bindings of let');
  const body = read.expression();
  return { type: 'let', bindings, body, position: read.since(start) };
}

function readIf(read: TokenReader): Expression {
  const { start } = read.take();
  const condition = read.expression();
  read.expect('then', 'after the condition of if');
  const then = read.expression();
  read.expect('else', 'after the value of then; every if needs an else');
  return { type: 'if', condition, then, else: read.expression(), position: read.since(start) };
}
