import { NixError } from '../error.js';
import { Position, type Source } from '../source.js';
import type { Token, TokenType } from './token.js';

/** What surrounds a place decides what its characters mean. */
export type Mode = 'code' | 'string' | 'indented' | 'path';

/** How far a source has been cut into tokens. */
export class Cutter {
  at = 0;
  readonly text: string;
  readonly tokens: Token[] = [];
  /** What is open, innermost last, with the offset where it began. */
  readonly open: Array<{ mode: Mode; start: number }> = [];

  constructor(
    private readonly source: Source,
    private readonly errors: NixError[],
  ) {
    this.text = source.text;
  }

  /** Takes what the (sticky) pattern matches here, unless that is nothing. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (!found) return undefined;
    this.at += found.length;
    return found;
  }

  /** Adds a token that ends here; without `start` it is as long as its value. */
  push(type: TokenType, value: string, start = this.at - value.length): void {
    this.tokens.push({ type, value, start, end: this.at });
  }

  openInterpolation(): void {
    const start = this.at;
    this.at += 2;
    this.push('${', '${');
    this.open.push({ mode: 'code', start });
  }

  error(message: string, start: number, end: number): void {
    this.errors.push(new NixError('parse', message, new Position(this.source, start, end)));
  }
}
