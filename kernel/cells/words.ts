import { NxcError } from '../../src/index.js';

/** A magic's line cannot be understood. */
export class MagicError extends NxcError {}

/** A part of a word: text as it stands, or a TypeScript expression in braces (from offset `at` of the line) whose value goes here. */
export type Part = { text: string } | { expression: string; at: number };

export interface Word {
  parts: Part[];
  /** UTF-16 offsets in the line. */
  start: number;
  end: number;
}

/**
 * The words of a magic's line, quoted as in a shell ('…' as it stands, "…" and \ with escapes), up to a comment: a # that
 * begins a word. `{…}` outside of single quotes is one expression, blanks included. With `lenient` an unclosed quote is taken
 * as closed (for completion).
 */
export function splitWords(line: string, { lenient = false } = {}): Word[] {
  return wordsAndComment(line, lenient).words;
}

/** Whether the line ends within a comment. */
export function endsInComment(line: string): boolean {
  return wordsAndComment(line, true).comment;
}

function wordsAndComment(line: string, lenient: boolean): { words: Word[]; comment: boolean } {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line[at] ?? '')) at++;
    if (at >= line.length || line[at] === '#') return { words, comment: at < line.length };
    const word = readWord(line, at, lenient);
    words.push(word);
    at = word.end;
  }
}

function readWord(line: string, start: number, lenient: boolean): Word {
  const parts: Part[] = [];
  let text = '';
  let quote = '';
  let at = start;
  for (; at < line.length; at++) {
    const character = line[at]!;
    if (quote === '' && /\s/.test(character)) break;
    if (quote !== "'" && character === '\\' && at + 1 < line.length) text += escaped(line[++at]!, quote);
    else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (quote !== "'" && character === '{') {
      const end = braceEnd(line, at);
      if (end === undefined) text += character;
      else {
        if (text !== '') parts.push({ text });
        parts.push({ expression: line.slice(at + 1, end), at });
        text = '';
        at = end;
      }
    } else text += character;
  }
  if (quote !== '' && !lenient)
    throw new MagicError({ asked: `a quote ${quote} is not closed`, found: line.slice(start) });
  if (text !== '' || parts.length === 0) parts.push({ text });
  return { parts, start, end: at };
}

/** In double quotes a backslash only escapes what would end or begin something there. */
const escaped = (character: string, quote: string) =>
  quote === '"' && !'"\\{}'.includes(character) ? `\\${character}` : character;

/** Index of the brace that closes the one at `open`; undefined for `{}` and for one that is never closed. */
function braceEnd(line: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < line.length; at++) {
    if (line[at] === '{') depth++;
    if (line[at] === '}' && --depth === 0) return at > open + 1 ? at : undefined;
  }
  return undefined;
}

/** The word as it was written, without its quotes. */
export function plainWord({ parts }: Word): string {
  return parts.map(part => ('text' in part ? part.text : `{${part.expression}}`)).join('');
}
