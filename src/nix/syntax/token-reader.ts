import { NixError } from '../error.js';
import { Position, type Source } from '../source.js';
import { endOfText, type Token, type TokenType } from './token.js';
import type { Expression } from './tree.js';

/** Types of tokens that end what stands before them. */
const closing: ReadonlySet<TokenType> = new Set<TokenType>(['}', ']', ')', 'in', 'then', 'else', 'end']);

/** Walks over the tokens of a source, for the functions that make a tree of them. Errors that allow to read on are collected. */
export class TokenReader {
  #at = 0;

  /** @param readExpression reads any expression, which nearly every part of one may contain */
  constructor(
    private readonly source: Source,
    private readonly tokens: readonly Token[],
    private readonly errors: NixError[],
    private readonly readExpression: (read: TokenReader) => Expression,
  ) {}

  expression(): Expression {
    return this.readExpression(this);
  }

  get next(): Token {
    return this.tokens[this.#at]!;
  }

  /** Whether what was begun must end here. */
  get closes(): boolean {
    return closing.has(this.next.type);
  }

  /** The token so many after the next, or before it. */
  peek(ahead: number): Token | undefined {
    return this.tokens[Math.min(this.#at + ahead, this.tokens.length - 1)];
  }

  take(): Token {
    return this.tokens[this.#at++]!;
  }

  goBack(count: number): void {
    this.#at -= count;
  }

  accept(type: TokenType): boolean {
    if (this.next.type !== type) return false;
    this.#at++;
    return true;
  }

  expect(type: TokenType, where: string): Token {
    if (this.next.type === type) return this.take();
    const wanted = type === 'id' ? 'a name' : `'${type}'`;
    const error = this.unexpected(`${wanted} ${where}`);
    // What is missing at the end of a line is best shown there, not at the line below.
    const previous = this.peek(-1);
    if (previous && type !== 'id' && this.source.text.slice(previous.end, this.next.start).includes('\n')) {
      throw new NixError('parse', error.parts, this.behind(previous));
    }
    throw error;
  }

  expectClosing(type: ')' | ']' | '}', open: Token): void {
    const { line, column } = this.position(open);
    this.expect(type, `to close the '${open.type}' at ${line}:${column}`);
  }

  unexpected(wanted: string): NixError {
    const token = this.next;
    const found = token.type === 'end' ? endOfText : `'${this.source.text.slice(token.start, token.end)}'`;
    const separator =
      token.type === ',' ? "items of a list are separated by blanks, bindings by ';'" : undefined;
    return new NixError(
      'parse',
      { asked: `expected ${wanted}`, found, todo: separator },
      this.position(token),
    );
  }

  report(error: NixError): void {
    this.errors.push(error);
  }

  /** Keeps an error that says nothing about how to read on. */
  collect(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof NixError)) throw error;
      this.errors.push(error);
    }
  }

  /** Reads one binding or item; after an error, skips to where the next one may begin. Tells whether it came any further. */
  recovering(read: () => void): boolean {
    const before = this.#at;
    try {
      read();
    } catch (error) {
      if (!(error instanceof NixError)) throw error;
      this.errors.push(error);
      this.#at = Math.max(this.#at, before);
      this.#skip();
    }
    return this.#at !== before;
  }

  #skip(): void {
    let depth = 0;
    for (; this.next.type !== 'end'; this.#at++) {
      const { type } = this.next;
      if (depth === 0 && type === ';') {
        this.#at++;
        return;
      }
      if (type === '{' || type === '[' || type === '(' || type === '${' || type === 'let') depth++;
      else if (closing.has(type) && type !== 'then' && type !== 'else') {
        if (depth === 0) return;
        depth--;
      }
    }
  }

  position(token: Token): Position {
    return new Position(this.source, token.start, token.end);
  }

  /** From there to the end of the last token that was taken. */
  since(start: number): Position {
    return new Position(this.source, start, this.peek(-1)?.end ?? start);
  }

  /** Where something is missing after a token. */
  behind({ end }: Token): Position {
    return new Position(this.source, end, end + 1);
  }
}
