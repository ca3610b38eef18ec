import { NixError } from '../error.js';
import type { TokenReader } from './token-reader.js';
import type { Formals, LambdaNode } from './tree.js';

/** Whether a function begins here; `{` may also begin a set. */
export function isFunctionAhead(read: TokenReader): boolean {
  const second = read.peek(1)?.type;
  if (read.next.type === 'id') return second === ':' || second === '@';
  if (read.next.type !== '{') return false;
  const third = read.peek(2)?.type;
  if (second === '...') return true;
  if (second === '}') return third === ':' || third === '@';
  return second === 'id' && (third === ',' || third === '?' || third === '}');
}

/** `x: …`, `{ a, b ? 1, ... }: …`, and these joined by `@`. */
export function readLambda(read: TokenReader): LambdaNode {
  const { start } = read.next;
  let parameter: string | undefined;
  let formals: Formals | undefined;
  if (read.next.type === 'id') {
    parameter = read.take().value;
    if (read.accept('@')) formals = readFormals(read);
  } else {
    formals = readFormals(read);
    if (read.accept('@')) parameter = read.expect('id', "after '@'").value;
  }
  const clash = formals?.names.find(({ name }) => name === parameter);
  if (clash) {
    const message = `'${parameter}' is both the argument's name and a name in its pattern`;
    read.report(new NixError('parse', message, clash.position));
  }
  read.expect(':', 'after the argument of a function');
  const body = read.expression();
  return { type: 'lambda', parameter, formals, body, position: read.since(start) };
}

function readFormals(read: TokenReader): Formals {
  read.expect('{', 'at the beginning of a pattern');
  const names: Formals['names'] = [];
  let open = false;
  while (read.next.type !== '}') {
    if (read.accept('...')) {
      open = true;
      break;
    }
    const token = read.expect('id', 'in the pattern of a function');
    const position = read.position(token);
    if (names.some(({ name }) => name === token.value)) {
      read.report(new NixError('parse', `'${token.value}' stands twice in this pattern`, position));
    }
    const fallback = read.accept('?') ? read.expression() : undefined;
    names.push({ name: token.value, fallback, position });
    if (!read.accept(',')) break;
  }
  read.expect('}', open ? "after '...', which ends a pattern" : 'at the end of a pattern');
  return { names, open };
}
