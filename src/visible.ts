import type { ErrorParts } from './errors.js';

/** Controls, what changes the direction of text, and lone surrogates; but for what joins characters to one. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A text that somebody else wrote, for a message: what a terminal would obey or nobody would see is written as `\u{1b}`. */
export const visible = (text: string): string =>
  text.replace(UNSEEN, c => (c === '\n' || c === '\t' ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`));

/** The same for each part of an error's message. */
export function visibleParts(parts: ErrorParts | string): ErrorParts {
  const { asked, found, todo, nearest, cause } = typeof parts === 'string' ? { asked: parts } : parts;
  return {
    asked: visible(asked),
    ...(found !== undefined && { found: visible(found) }),
    ...(todo !== undefined && { todo: visible(todo) }),
    ...(nearest !== undefined && { nearest: nearest.map(visible) }),
    ...(cause !== undefined && { cause }),
  };
}

/** A line of a source under which others mark places: each such character becomes one that is seen. */
export const visibleInPlace = (line: string): string =>
  line.replace(UNSEEN, c => (c === '\t' ? c : '\ufffd'.repeat(c.length)));
