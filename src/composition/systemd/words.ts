import { CompositionError } from '../errors.js';

/** A word of a command line; `bare` when no part of it was quoted or escaped. */
export interface Word {
  text: string;
  bare: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
  ';': ';',
};

/** \xHH, \NNN (octal), \uHHHH, \UHHHHHHHH; never the character 0. */
const NUMBERED = /^(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;

/** Splits text as systemd.service(5), "Command lines", says: blanks, two kinds of quotes, C escapes in and out of them. */
export function splitWords(text: string, what: string): Word[] {
  const words: Word[] = [];
  let word: Word | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '\\') {
      const { value, length } = unescapeAt(text, at + 1, what);
      word = { text: (word?.text ?? '') + value, bare: false };
      at += 1 + length;
      continue;
    }
    at++;
    if (character === quote) quote = undefined;
    else if (quote) word!.text += character;
    else if (character === '"' || character === "'") {
      quote = character;
      word = { text: word?.text ?? '', bare: false };
    } else if (/\s/.test(character)) {
      if (word) words.push(word);
      word = undefined;
    } else word = { text: (word?.text ?? '') + character, bare: word?.bare ?? true };
  }
  if (quote) throw broken(text, what, `the quote ${quote} is not closed`);
  if (word) words.push(word);
  return words;
}

function unescapeAt(text: string, at: number, what: string): { value: string; length: number } {
  const next = text[at];
  if (next === '\n') return { value: ' ', length: 1 };
  const simple = next === undefined ? undefined : SIMPLE[next];
  if (simple !== undefined) return { value: simple, length: 1 };
  const numbered = NUMBERED.exec(text.slice(at));
  const code =
    numbered &&
    Number.parseInt(numbered[1] ?? numbered[2] ?? numbered[3] ?? numbered[4]!, numbered[2] ? 8 : 16);
  if (numbered && code && code <= 0x10ffff)
    return { value: String.fromCodePoint(code), length: numbered[0].length };
  throw broken(text, what, `\\${next ?? ''} is not an escape`);
}

function broken(text: string, what: string, found: string): CompositionError {
  return new CompositionError({
    asked: `${what} is not a command line that systemd can read`,
    found: `${found} in ${text}`,
    todo: 'use `script` for shell text, or utils.escapeSystemdExecArgs for arguments (utils is an argument of modules)',
  });
}
