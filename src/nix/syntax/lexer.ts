import type { NixError } from '../error.js';
import type { Source } from '../source.js';
import { CodeTokens } from './code-tokens.js';
import { Cutter } from './cutter.js';
import { closePath, cutPath } from './path-tokens.js';
import { cutIndentedString, cutString } from './string-tokens.js';
import type { Token } from './token.js';

/** Cuts a source into tokens. Errors are collected, and what follows them is read on as well as can be. */
export function tokenize(source: Source, errors: NixError[]): Token[] {
  const cutter = new Cutter(source, errors);
  const code = new CodeTokens(cutter);
  while (cutter.at < cutter.text.length) {
    const mode = cutter.open.at(-1)?.mode ?? 'code';
    if (mode === 'string') cutString(cutter);
    else if (mode === 'indented') cutIndentedString(cutter);
    else if (mode === 'path') cutPath(cutter);
    else code.cut();
  }
  for (let open = cutter.open.pop(); open; open = cutter.open.pop()) {
    if (open.mode === 'path') closePath(cutter);
    if (open.mode === 'string') reportUnclosed(cutter, open.start, '"');
    if (open.mode === 'indented') reportUnclosed(cutter, open.start, "''");
  }
  cutter.push('end', '');
  return cutter.tokens;
}

function reportUnclosed(cutter: Cutter, start: number, quote: '"' | "''"): void {
  cutter.error(`this string is never closed; ${quote} is missing`, start, start + quote.length);
  cutter.push(quote, '');
}
