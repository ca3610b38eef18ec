import { NixError } from '../error.js';
import { readAttributePath } from './attribute-name.js';
import { isOperandAhead, readOperand } from './operand.js';
import { negateLevel, notLevel, precedences } from './operators.js';
import type { TokenReader } from './token-reader.js';
import type { BinaryOperator, Expression } from './tree.js';

/** Operands joined by operators that bind at least as tightly as `level`, by precedence climbing. */
export function readOperation(read: TokenReader, level: number): Expression {
  const { start } = read.next;
  let left = readPrefixed(read);
  let notAgain = -1;
  for (;;) {
    const token = read.next;
    const precedence = precedences.get(token.type);
    if (!precedence || precedence.level < level) return left;
    if (precedence.level === notAgain) {
      const message = `'${token.value}' cannot be chained; put parentheses around one of the two`;
      throw new NixError('parse', message, read.position(token));
    }
    read.take();
    if (token.type === '?') {
      left = { type: 'has', subject: left, path: readAttributePath(read), position: read.since(start) };
    } else {
      const right = readOperation(read, precedence.level + (precedence.associates === 'right' ? 0 : 1));
      left = {
        type: 'binary',
        operator: token.type as BinaryOperator,
        left,
        right,
        operatorPosition: read.position(token),
        position: read.since(start),
      };
    }
    notAgain = precedence.associates === 'never' ? precedence.level : -1;
  }
}

function readPrefixed(read: TokenReader): Expression {
  const { type, start } = read.next;
  if (type !== '!' && type !== '-') return readApplication(read);
  read.take();
  const operand = readOperation(read, type === '!' ? notLevel : negateLevel);
  return { type: 'unary', operator: type, operand, position: read.since(start) };
}

/** `f a b`. */
function readApplication(read: TokenReader): Expression {
  const { start } = read.next;
  const callee = readOperand(read);
  const args: Expression[] = [];
  while (isOperandAhead(read)) args.push(readOperand(read));
  return args.length ? { type: 'call', callee, args, position: read.since(start) } : callee;
}
