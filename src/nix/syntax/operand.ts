import { NixError } from '../error.js';
import { readAttributePath } from './attribute-name.js';
import { readSet } from './set.js';
import { readIndentedString, readPath, readString } from './string.js';
import type { TokenType } from './token.js';
import type { TokenReader } from './token-reader.js';
import type { Expression } from './tree.js';

const LARGEST_INTEGER = 0x7fff_ffff_ffff_ffffn;
const beginnings: ReadonlySet<TokenType> = new Set<TokenType>([
  ...(['id', 'int', 'float', 'uri', 'search-path'] as const),
  ...(['"', "''", 'path-open', '(', '[', '{', 'rec'] as const),
]);

export function isOperandAhead(read: TokenReader): boolean {
  const { type } = read.next;
  return beginnings.has(type) || (type === 'let' && read.peek(1)?.type === '{');
}

/** What a function is applied to and what a list holds: a value, or what `.` selects of one. */
export function readOperand(read: TokenReader): Expression {
  const { start } = read.next;
  const subject = readValue(read);
  if (read.accept('.')) {
    const path = readAttributePath(read);
    const fallback = read.accept('or') ? readOperand(read) : undefined;
    return { type: 'select', subject, path, fallback, position: read.since(start) };
  }
  if (read.next.type !== 'or') return subject;
  // Nix reads `f or` as a call with the variable `or`, for code older than the keyword.
  const or = read.take();
  const argument: Expression = { type: 'variable', name: 'or', position: read.position(or) };
  return { type: 'call', callee: subject, args: [argument], position: read.since(start) };
}

function readValue(read: TokenReader): Expression {
  const token = read.next;
  switch (token.type) {
    case 'id':
      read.take();
      return { type: 'variable', name: token.value, position: read.position(token) };
    case 'int':
      return readInteger(read);
    case 'float':
      return readFloat(read);
    case 'uri':
      read.take();
      return { type: 'string', parts: [token.value], position: read.position(token) };
    case 'search-path':
      read.take();
      return { type: 'search-path', name: token.value.slice(1, -1), position: read.position(token) };
    case '"':
      return readString(read);
    case "''":
      return readIndentedString(read);
    case 'path-open':
      return readPath(read);
    case '(': {
      read.take();
      const inner = read.expression();
      read.expectClosing(')', token);
      return inner;
    }
    case '[':
      return readList(read);
    case '{':
      return readSet(read, token.start, false);
    case 'rec':
      read.take();
      return readSet(read, token.start, true);
    case 'let': {
      read.take();
      const subject = readSet(read, token.start, true);
      const path = [{ name: 'body', position: read.position(token) }];
      return { type: 'select', subject, path, position: read.since(token.start) };
    }
  }
  throw read.unexpected('a value');
}

function readInteger(read: TokenReader): Expression {
  const token = read.take();
  const value = BigInt(token.value);
  if (value > LARGEST_INTEGER) {
    const message = `the number ${token.value} is too big for an integer`;
    throw new NixError('parse', message, read.position(token));
  }
  return { type: 'int', value, position: read.position(token) };
}

/** As in Nix, what a float of 64 bits cannot hold is an error: it would be endless, or nothing. */
function readFloat(read: TokenReader): Expression {
  const token = read.take();
  const value = Number(token.value);
  const lost = value === 0 && /[1-9]/.test(token.value.split(/e/i)[0]!);
  if (!Number.isFinite(value) || lost) {
    const message = `the number ${token.value} is too ${lost ? 'small' : 'big'} for a float`;
    throw new NixError('parse', message, read.position(token));
  }
  return { type: 'float', value, position: read.position(token) };
}

function readList(read: TokenReader): Expression {
  const open = read.take();
  const items: Expression[] = [];
  while (!read.closes && read.next.type !== ';') {
    read.recovering(() => items.push(readOperand(read)));
  }
  read.expectClosing(']', open);
  return { type: 'list', items, position: read.since(open.start) };
}
