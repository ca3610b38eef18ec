import { stripVTControlCharacters } from 'node:util';
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

/** Characters that turn what follows around, as escapes: text must not look other than it is (https://trojansource.codes). */
export const showDirections = (text: string): string =>
  text.replace(/[\u202a-\u202e\u2066-\u2069]/g, character => `\\u${character.codePointAt(0)!.toString(16)}`);

/** Text for places without terminal: no colours, and symbols (␇) for control characters other than ends of lines and tabs. */
export const withSymbols = (text: string): string =>
  showDirections(stripVTControlCharacters(text).replaceAll('\r\n', '\n'))
    .replace(/[\x00-\x08\x0b-\x1f]/g, character => String.fromCodePoint(0x2400 + character.codePointAt(0)!))
    .replace(/[\x80-\x9f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)
    .replaceAll('\x7f', '␡');

/** The same for a terminal: colours stay, all else that a terminal would obey does not. */
export const withSymbolsInColour = (text: string): string =>
  text
    .split(/(\x1b\[[\d;]*m)/)
    .map((part, index) => (index % 2 ? part : withSymbols(part)))
    .join('');
