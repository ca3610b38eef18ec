import { type IndentedPiece, stripIndentation } from './indentation.js';
import type { TokenReader } from './token-reader.js';
import type { Expression, Part, PathNode, StringNode } from './tree.js';

export function readString(read: TokenReader): StringNode {
  const { start } = read.take();
  return { type: 'string', parts: readParts(read, '"'), position: read.since(start) };
}

export function readPath(read: TokenReader): PathNode {
  const { start } = read.take();
  return { type: 'path', parts: readParts(read, 'path-close'), position: read.since(start) };
}

export function readIndentedString(read: TokenReader): StringNode {
  const { start } = read.take();
  const pieces: IndentedPiece[] = [];
  while (!read.accept("''")) {
    if (read.next.type === 'text') pieces.push({ raw: read.take().value });
    else if (read.next.type === 'escaped') pieces.push({ escaped: read.take().value });
    else pieces.push({ expression: readInterpolation(read) });
  }
  return { type: 'string', parts: joined(stripIndentation(pieces)), position: read.since(start) };
}

export function readInterpolation(read: TokenReader): Expression {
  read.expect('${', 'to begin an interpolation');
  const inner = read.expression();
  read.expect('}', "to close '${'");
  return inner;
}

function readParts(read: TokenReader, end: '"' | 'path-close'): Part[] {
  const parts: Part[] = [];
  while (!read.accept(end)) {
    if (read.next.type === 'text') parts.push(read.take().value);
    else parts.push(readInterpolation(read));
  }
  return joined(parts);
}

function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}
