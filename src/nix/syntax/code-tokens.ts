import type { Cutter } from './cutter.js';
import { openPath, pathCharacters } from './path-tokens.js';
import { keywords, symbols, type TokenType } from './token.js';

// The patterns are those of Nix's own lexer; the longest match wins, and of equal ones the first.
const patterns: Array<[TokenType, RegExp]> = [
  ['id', /[a-zA-Z_][a-zA-Z0-9_'-]*/y],
  ['int', /[0-9]+/y],
  ['float', /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[Ee][+-]?[0-9]+)?/y],
  ['path-open', new RegExp(`(?:~|${pathCharacters}*)(?:/${pathCharacters}+)+/?`, 'y')],
  ['search-path', new RegExp(`<${pathCharacters}+(?:/${pathCharacters}+)*>`, 'y')],
  ['uri', /[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9%/?:@&=+$,_.!~*'-]+/y],
];
const pathBeforeInterpolation = new RegExp(`(?:~|${pathCharacters}*)/(?=\\$\\{)`, 'y');
const blank = /(?:[ \t\r\n]+|#[^\r\n]*)+/y;
const comment = /\/\*[\s\S]*?\*\//y;
const indentedOpen = /''(?: *\n)?/y;
const keywordSet: ReadonlySet<string> = new Set(keywords);

/**
 * A run of characters that may begin a path or URI, which it does only when a certain one follows. Where it ends is
 * kept: looking anew from each of its characters would take quadratic time in `a+b+c+…`.
 */
class Run {
  #end = -1;

  constructor(
    private readonly pattern: RegExp,
    private readonly follower: string,
  ) {}

  isFollowed(text: string, from: number): boolean {
    if (from > this.#end) {
      this.pattern.lastIndex = from;
      this.#end = from + (this.pattern.exec(text)?.[0].length ?? 0);
    }
    return text[this.#end] === this.follower;
  }
}

/** Cuts what stands outside of strings and paths. */
export class CodeTokens {
  readonly #path = new Run(new RegExp(`${pathCharacters}*`, 'y'), '/');
  readonly #scheme = new Run(/[a-zA-Z0-9+.-]*/y, ':');

  constructor(private readonly cutter: Cutter) {}

  /** The next token, or a blank. */
  cut(): void {
    const { cutter } = this;
    const { text, at: start } = cutter;
    if (cutter.match(blank) !== undefined || cutter.match(comment) !== undefined) return;
    if (text.startsWith('/*', start)) {
      cutter.error('this comment is never closed; */ is missing', start, start + 2);
      cutter.at = text.length;
      return;
    }
    if (text[start] === '"') {
      cutter.at++;
      cutter.push('"', '"');
      cutter.open.push({ mode: 'string', start });
      return;
    }
    const indentedQuote = cutter.match(indentedOpen);
    if (indentedQuote !== undefined) {
      cutter.push("''", indentedQuote);
      cutter.open.push({ mode: 'indented', start });
      return;
    }
    if (!this.#cutPathBeforeInterpolation()) this.#cutWord();
  }

  #cutPathBeforeInterpolation(): boolean {
    const { cutter } = this;
    if (!this.#mayBe('path-open', cutter.at)) return false;
    pathBeforeInterpolation.lastIndex = cutter.at;
    const found = pathBeforeInterpolation.exec(cutter.text)?.[0];
    if (found) openPath(cutter, found);
    return found !== undefined;
  }

  #cutWord(): void {
    const { cutter } = this;
    const { text, at: start } = cutter;
    const { type, length } = this.#longest(start);
    const symbol = /\w/.test(text[start]!) ? undefined : symbols.find(each => text.startsWith(each, start));
    if (symbol && symbol.length >= length) {
      cutter.at += symbol.length;
      cutter.push(symbol, symbol);
      if (symbol === '{' || symbol === '${') cutter.open.push({ mode: 'code', start });
      if (symbol === '}' && cutter.open.at(-1)?.mode === 'code') cutter.open.pop();
      return;
    }
    if (!type) {
      const character = String.fromCodePoint(text.codePointAt(start)!);
      cutter.at += character.length;
      cutter.error(`the character '${character}' has no meaning here`, start, cutter.at);
      return;
    }
    const word = text.slice(start, start + length);
    if (type === 'path-open') {
      openPath(cutter, word);
      return;
    }
    cutter.at += length;
    cutter.push(type === 'id' && keywordSet.has(word) ? (word as TokenType) : type, word);
  }

  #longest(start: number): { type: TokenType | undefined; length: number } {
    let type: TokenType | undefined;
    let length = 0;
    for (const [candidate, pattern] of patterns) {
      if (!this.#mayBe(candidate, start)) continue;
      pattern.lastIndex = start;
      const found = pattern.exec(this.cutter.text)?.[0].length ?? 0;
      if (found > length) {
        type = candidate;
        length = found;
      }
    }
    return { type, length };
  }

  #mayBe(type: TokenType, start: number): boolean {
    const { text } = this.cutter;
    if (type === 'uri') return this.#scheme.isFollowed(text, start);
    if (type === 'path-open') return text[start] === '~' || this.#path.isFollowed(text, start);
    return true;
  }
}
