import { mended } from './bytes.js';
import { checkTextLength } from './size.js';

/** Strings that remember what they were made of. Contexts are written as Nix does: `path`, `!output!drv`, `=drv`. */
export type Context = ReadonlySet<string>;

/** A string with a context. Strings without one are plain JavaScript strings. */
export class NixString {
  constructor(
    readonly text: string,
    readonly context: Context,
  ) {}

  toString(): string {
    return this.text;
  }
}

export type Text = string | NixString;

const noContext: Context = new Set();

export function contextOf(text: Text): Context {
  return typeof text === 'string' ? noContext : text.context;
}

/** A string with this context; a plain one when there is none. */
export function withContext(text: string, context: Context): Text {
  return context.size ? new NixString(text, context) : text;
}

export function union(contexts: Iterable<Context>): Context {
  let result: Context = noContext;
  for (const context of contexts) {
    if (!context.size || context === result) continue;
    result = result.size ? new Set([...result, ...context]) : context;
  }
  return result;
}

/** The strings in a row; the result has all their contexts. */
export function concatenate(texts: readonly Text[], separator = ''): Text {
  checkTextLength(texts.reduce((sum, text) => sum + String(text).length, 0));
  return withContext(mended(texts.join(separator)), union(texts.map(contextOf)));
}

/** The order of Nix: by bytes of UTF-8, which is the order of code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xSurrogate = x >= 0xd800 && x < 0xe000;
    if (xSurrogate !== (y >= 0xd800 && y < 0xe000)) return xSurrogate ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}
