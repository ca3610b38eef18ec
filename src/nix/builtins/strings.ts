import { byteLength, cutBytes, mended } from '../bytes.js';
import { coerceToText } from '../coerce.js';
import { NixError } from '../error.js';
import { expectInt, expectList, expectString, expectText } from '../expect.js';
import { posixRegex } from '../regex.js';
import { checkTextLength } from '../size.js';
import { type Context, contextOf, type Text, union, withContext } from '../text.js';
import type { Lazy } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

export function stringBuiltins({ evaluation, files }: Workshop): Builtins {
  return {
    toString: (value: Lazy) => coerceToText(evaluation, value, { anything: true }),
    stringLength: value => BigInt(byteLength(String(coerceToText(evaluation, value)))),
    substring: (start, length, value) => {
      const text = coerceToText(evaluation, value);
      return withContext(substring(expectInt(start), expectInt(length), String(text)), contextOf(text));
    },
    concatStringsSep: (separator, list) => {
      const between = expectText(separator);
      const texts = expectList(list).map(item => coerceToText(evaluation, item, { copy: files.copy }));
      const length = texts.reduce((sum, text) => sum + String(text).length, 0);
      checkTextLength(length + Math.max(0, texts.length - 1) * String(between).length);
      const joined = mended(texts.join(String(between)));
      return withContext(joined, union([contextOf(between), ...texts.map(contextOf)]));
    },
    replaceStrings: (from, to, value) => replaceStrings(expectList(from), expectList(to), expectText(value)),
    match: (pattern, value) => {
      const regex = posixRegex(expectString(pattern));
      const whole = new RegExp(`^(?:${regex.source})$`, 'u').exec(expectString(value));
      return whole ? groups(whole) : null;
    },
    split: (pattern, value) => split(posixRegex(expectString(pattern)), expectText(value)),
    baseNameOf: value => {
      const text = coerceToText(evaluation, value);
      return withContext(/([^/]*)\/?$/.exec(String(text))![1]!, contextOf(text));
    },
  };
}

/** Nix counts bytes of UTF-8. */
function substring(start: bigint, length: bigint, text: string): string {
  if (start < 0n) throw new NixError('evaluation', `a substring cannot begin at ${start}`);
  const plain = /^[\0-\x7f]*$/.test(text);
  const size = plain ? text.length : byteLength(text);
  const from = Number(start);
  const to = length < 0n ? size : Math.min(size, from + Number(length));
  return plain ? text.slice(from, to) : cutBytes(text, from, to);
}

function replaceStrings(from: readonly Lazy[], to: readonly Lazy[], value: Text): Text {
  if (from.length !== to.length) {
    throw new NixError('evaluation', {
      asked: 'replaceStrings needs as many replacements as strings to replace',
      found: `${from.length} strings and ${to.length} replacements`,
    });
  }
  const patterns = from.map(item => expectString(item));
  const text = String(value);
  const contexts: Context[] = [contextOf(value)];
  let result = '';
  for (let at = 0; at <= text.length; ) {
    const index = patterns.findIndex(pattern => text.startsWith(pattern, at));
    const pattern = patterns[index];
    if (pattern !== undefined) {
      const replacement = expectText(to[index]!);
      contexts.push(contextOf(replacement));
      result += replacement;
      checkTextLength(result.length);
    }
    // An empty pattern fits everywhere, once before each character.
    if (pattern) at += pattern.length;
    else if (at < text.length) {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      result += character;
      at += character.length;
    } else at++;
  }
  return withContext(result, union(contexts));
}

function groups(match: RegExpExecArray): Lazy[] {
  return match.slice(1).map(group => group ?? null);
}

function split(regex: RegExp, value: Text): Lazy[] {
  const text = String(value);
  const piece = (from: number, to?: number) => withContext(text.slice(from, to), contextOf(value));
  const result: Lazy[] = [];
  let at = 0;
  for (const match of text.matchAll(regex)) {
    result.push(piece(at, match.index), groups(match as RegExpExecArray));
    at = match.index + match[0].length;
  }
  result.push(piece(at));
  return result;
}
