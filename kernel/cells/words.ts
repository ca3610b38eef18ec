import { MagicError } from './magic-error.js';
import { type ShellVariable, shellVariableAt } from './shell-variable.js';

export { MagicError };

/**
 * A part of a word: text as it stands, a TypeScript expression in braces (from offset `at` of the line) whose value goes here, or
 * a shell's variable.
 */
export type Part = { text: string } | { expression: string; at: number } | ShellVariable;

export interface WordOptions {
  /** An unclosed quote is taken as closed (for completion). */
  lenient?: boolean;
  /** `$NAME` and `${NAME}` are variables, as they are to a shell. */
  variables?: boolean;
}

export interface Word {
  parts: Part[];
  /** UTF-16 offsets in the line. */
  start: number;
  end: number;
}

/**
 * The words of a magic's line, quoted as in a shell ('…' as it stands, "…" and \ with escapes), up to a comment: a # that
 * begins a word. `{…}` outside of single quotes is one expression, blanks included.
 */
export function splitWords(line: string, options: WordOptions = {}): Word[] {
  return wordsAndComment(line, options).words;
}

/** Whether the line ends within a comment. */
export function endsInComment(line: string): boolean {
  return wordsAndComment(line, { lenient: true }).comment;
}

function wordsAndComment(line: string, options: WordOptions): { words: Word[]; comment: boolean } {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line[at] ?? '')) at++;
    if (at >= line.length || line[at] === '#') return { words, comment: at < line.length };
    const word = readWord(line, at, options);
    words.push(word);
    at = word.end;
  }
}

function readWord(line: string, start: number, { lenient, variables }: WordOptions): Word {
  const parts: Part[] = [];
  let text = '';
  let quote = '';
  let at = start;
  for (; at < line.length; at++) {
    const character = line[at]!;
    if (quote === '' && /\s/.test(character)) break;
    const shell = variables && quote !== "'" ? shellVariableAt(line, at, quote !== '') : undefined;
    if (shell) {
      if (text !== '') parts.push({ text });
      parts.push(shell.part);
      text = '';
      at = shell.end - 1;
    } else if (quote !== "'" && character === '\\' && at + 1 < line.length)
      text += escaped(line[++at]!, quote, variables);
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
const escaped = (character: string, quote: string, variables = false) =>
  quote === '"' && !(variables ? '"\\{}$`' : '"\\{}').includes(character) ? `\\${character}` : character;

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
  return parts.map(plainPart).join('');
}

function plainPart(part: Part): string {
  if ('text' in part) return part.text;
  if ('expression' in part) return `{${part.expression}}`;
  return `\${${part.variable}${part.operator ?? ''}${part.word ?? ''}}`;
}
