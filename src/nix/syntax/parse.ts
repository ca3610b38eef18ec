import { NixError } from '../error.js';
import { isStackOverflow } from '../overflow.js';
import { Position, Source } from '../source.js';
import { readExpression } from './expression.js';
import { tokenize } from './lexer.js';
import { endOfText } from './token.js';
import { TokenReader } from './token-reader.js';
import type { Expression } from './tree.js';

// The syntax of Nix: a lexer cuts a source into tokens, and functions, one file a construct, make a tree of them.

/** The syntax tree of a source. Throws the first NixError in it. */
export function parse(source: Source | string, file?: string): Expression {
  const { tree, errors } = parseSource(typeof source === 'string' ? new Source(source, file) : source);
  if (errors[0]) throw errors[0];
  return tree!;
}

/**
 * Reads a source. Errors are collected; after one inside a set or a list, reading goes on at the next binding or item.
 * The tree is undefined when nothing could be made of the source.
 */
export function parseSource(source: Source): { tree: Expression | undefined; errors: NixError[] } {
  const errors: NixError[] = [];
  const tokens = tokenize(source, errors);
  const unread = errors.length > 0;
  let tree: Expression | undefined;
  try {
    const read = new TokenReader(source, tokens, errors, readExpression);
    tree = read.expression();
    if (read.next.type !== 'end') read.report(read.unexpected('the end of the expression'));
  } catch (error) {
    if (isStackOverflow(error)) errors.push(tooDeep(source));
    else if (error instanceof NixError) errors.push(error);
    else throw error;
  }
  return { tree, errors: sorted(errors, unread) };
}

export function tooDeep(source: Source): NixError {
  return new NixError('parse', 'this expression is nested too deeply', new Position(source, 0, 1));
}

/** By place, one a place. Where a string or comment never ends, it is no news that something is missing at the end. */
function sorted(errors: readonly NixError[], unread: boolean): NixError[] {
  const startOf = (error: NixError) => error.position?.start ?? 0;
  const first = new Map<number, NixError>();
  for (const error of errors) {
    if (unread && error.parts.found === endOfText) continue;
    if (!first.has(startOf(error))) first.set(startOf(error), error);
  }
  return [...first.values()].sort((a, b) => startOf(a) - startOf(b));
}
