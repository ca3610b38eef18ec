import { NixError } from './error.js';
import { Position, type Source } from './source.js';
import { keywords, symbols, type Token, type TokenType } from './token.js';

// The patterns are those of Nix's own lexer; the longest match wins, and of equal ones the first.
const pathChar = '[a-zA-Z0-9._+-]';
const patterns: Array<[TokenType, RegExp]> = [
  ['id', /[a-zA-Z_][a-zA-Z0-9_'-]*/y],
  ['int', /[0-9]+/y],
  ['float', /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[Ee][+-]?[0-9]+)?/y],
  ['path-open', new RegExp(`(?:~|${pathChar}*)(?:/${pathChar}+)+/?`, 'y')],
  ['search-path', new RegExp(`<${pathChar}+(?:/${pathChar}+)*>`, 'y')],
  ['uri', /[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9%/?:@&=+$,_.!~*'-]+/y],
];
const pathBeforeInterpolation = new RegExp(`(?:~|${pathChar}*)/(?=\\$\\{)`, 'y');
const pathContinued = new RegExp(`${pathChar}+/?|/`, 'y');
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

type Mode = 'code' | 'string' | 'indented' | 'path';

/** Cuts a source into tokens. Errors are collected, and what follows them is read on as well as can be. */
export function tokenize(source: Source, errors: NixError[]): Token[] {
  return new Lexer(source, errors).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  /** What is open, innermost last, with the offset where it began. */
  readonly #open: Array<{ mode: Mode; start: number }> = [];
  readonly #path = new Run(new RegExp(`${pathChar}*`, 'y'), '/');
  readonly #scheme = new Run(/[a-zA-Z0-9+.-]*/y, ':');
  #at = 0;

  constructor(
    private readonly source: Source,
    private readonly errors: NixError[],
  ) {
    this.#text = source.text;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) {
      const mode = this.#open.at(-1)?.mode ?? 'code';
      if (mode === 'string') this.#inString();
      else if (mode === 'indented') this.#inIndented();
      else if (mode === 'path') this.#inPath();
      else this.#inCode();
    }
    for (let open = this.#open.pop(); open; open = this.#open.pop()) {
      if (open.mode === 'path') this.#closePath();
      if (open.mode === 'string') this.#unclosed(open.start, '"');
      if (open.mode === 'indented') this.#unclosed(open.start, "''");
    }
    this.#push('end', '', this.#at);
    return this.#tokens;
  }

  #unclosed(start: number, quote: '"' | "''"): void {
    this.#error(`this string is never closed; ${quote} is missing`, start, start + quote.length);
    this.#push(quote, '', this.#at);
  }

  #inCode(): void {
    const start = this.#at;
    if (this.#match(blank) !== undefined || this.#match(comment) !== undefined) return;
    if (this.#text.startsWith('/*', start)) {
      this.#error('this comment is never closed; */ is missing', start, start + 2);
      this.#at = this.#text.length;
      return;
    }
    if (this.#text[start] === '"') {
      this.#push('"', '"', ++this.#at);
      this.#open.push({ mode: 'string', start });
      return;
    }
    const indentedQuote = this.#match(indentedOpen);
    if (indentedQuote !== undefined) {
      this.#push("''", indentedQuote, this.#at);
      this.#open.push({ mode: 'indented', start });
      return;
    }
    const beforeInterpolation = this.#mayBe('path-open', start)
      ? this.#match(pathBeforeInterpolation)
      : undefined;
    if (beforeInterpolation !== undefined) {
      this.#openPath(beforeInterpolation, start);
      return;
    }
    this.#word(start);
  }

  #word(start: number): void {
    let type: TokenType | undefined;
    let length = 0;
    for (const [candidate, pattern] of patterns) {
      if (!this.#mayBe(candidate, start)) continue;
      pattern.lastIndex = start;
      const found = pattern.exec(this.#text)?.[0].length ?? 0;
      if (found > length) {
        type = candidate;
        length = found;
      }
    }
    const symbol = /\w/.test(this.#text[start]!)
      ? undefined
      : symbols.find(each => this.#text.startsWith(each, start));
    if (symbol && symbol.length >= length) {
      this.#at += symbol.length;
      this.#push(symbol, symbol, this.#at);
      if (symbol === '{' || symbol === '${') this.#open.push({ mode: 'code', start });
      if (symbol === '}' && this.#open.at(-1)?.mode === 'code') this.#open.pop();
      return;
    }
    if (!type) {
      const character = String.fromCodePoint(this.#text.codePointAt(start)!);
      this.#at += character.length;
      this.#error(`the character '${character}' has no meaning here`, start, this.#at);
      return;
    }
    const word = this.#text.slice(start, start + length);
    this.#at = start + length;
    if (type === 'path-open') {
      this.#openPath(word, start);
      return;
    }
    this.#push(type === 'id' && keywordSet.has(word) ? (word as TokenType) : type, word, this.#at);
  }

  #mayBe(type: TokenType, start: number): boolean {
    if (type === 'uri') return this.#scheme.isFollowed(this.#text, start);
    if (type === 'path-open') return this.#text[start] === '~' || this.#path.isFollowed(this.#text, start);
    return true;
  }

  #openPath(text: string, start: number): void {
    this.#push('path-open', '', start);
    this.#open.push({ mode: 'path', start });
    this.#at = start + text.length;
    this.#push('text', text, this.#at, start);
  }

  #inPath(): void {
    const start = this.#at;
    if (this.#text.startsWith('${', start)) {
      this.#interpolation();
      return;
    }
    const more = this.#match(pathContinued);
    if (more !== undefined) {
      this.#push('text', more, this.#at, start);
      return;
    }
    this.#open.pop();
    this.#closePath();
  }

  #closePath(): void {
    const last = this.#tokens.at(-1)!;
    if (last.type === 'text' && last.value.endsWith('/')) {
      this.#error('a path may not end with a slash', last.start, last.end);
    }
    this.#push('path-close', '', this.#at);
  }

  #inString(): void {
    const start = this.#at;
    if (this.#text[start] === '"') {
      this.#open.pop();
      this.#push('"', '"', ++this.#at);
      return;
    }
    if (this.#text.startsWith('${', start)) {
      this.#interpolation();
      return;
    }
    let value = '';
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (character === '"' || this.#text.startsWith('${', this.#at)) break;
      if (character === '\\' && this.#at + 1 < this.#text.length) {
        value += meaning(this.#text[this.#at + 1]!);
        this.#at += 2;
      } else if (character === '$' && this.#text[this.#at + 1] === '$') {
        // `$${` is no interpolation: a dollar takes the next character with it.
        value += '$$';
        this.#at += 2;
      } else if (character === '\r') {
        // As Nix: ends of lines from Windows count as newlines.
        value += '\n';
        this.#at += this.#text[this.#at + 1] === '\n' ? 2 : 1;
      } else {
        value += character;
        this.#at++;
      }
    }
    this.#push('text', value, this.#at, start);
  }

  #inIndented(): void {
    const start = this.#at;
    const text = this.#text;
    if (text.startsWith("''", start)) {
      const next = text[start + 2];
      if (next === '$') {
        this.#escape('$', 3);
        return;
      }
      if (next === "'") {
        this.#escape("''", 3);
        return;
      }
      if (next === '\\' && start + 3 < text.length) {
        this.#escape(meaning(text[start + 3]!), 4);
        return;
      }
      this.#open.pop();
      this.#at += 2;
      this.#push("''", "''", this.#at);
      return;
    }
    if (text.startsWith('${', start)) {
      this.#interpolation();
      return;
    }
    let value = '';
    while (this.#at < text.length && !text.startsWith("''", this.#at) && !text.startsWith('${', this.#at)) {
      const character = text[this.#at]!;
      const next = text[this.#at + 1];
      const pair =
        next !== undefined &&
        ((character === '$' && next !== '{' && next !== "'") ||
          (character === "'" && next !== "'" && next !== '$'));
      value += pair ? character + next : character;
      this.#at += pair ? 2 : 1;
    }
    this.#push('text', value, this.#at, start);
  }

  #escape(value: string, length: number): void {
    const start = this.#at;
    this.#at += length;
    this.#push('escaped', value, this.#at, start);
  }

  #interpolation(): void {
    const start = this.#at;
    this.#at += 2;
    this.#push('${', '${', this.#at, start);
    this.#open.push({ mode: 'code', start });
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (!found) return undefined;
    this.#at += found.length;
    return found;
  }

  #push(type: TokenType, value: string, end: number, start = end - value.length): void {
    this.#tokens.push({ type, value, start, end });
  }

  #error(message: string, start: number, end: number): void {
    this.errors.push(new NixError('parse', message, new Position(this.source, start, end)));
  }
}

function meaning(character: string): string {
  return { n: '\n', r: '\r', t: '\t' }[character] ?? character;
}
