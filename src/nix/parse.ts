import { parseSource } from './parser.js';
import { Source } from './source.js';
import type { Expression } from './tree.js';

/** The syntax tree of a source. Throws the first NixError in it. */
export function parse(source: Source | string, file?: string): Expression {
  const { tree, errors } = parseSource(typeof source === 'string' ? new Source(source, file) : source);
  if (errors[0]) throw errors[0];
  return tree!;
}
