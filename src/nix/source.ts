import { visibleInPlace } from '../visible.js';

/** A text in the Nix language: a file, or an expression given on the command line. */
export class Source {
  #lineStarts: number[] | undefined;

  /**
   * @param file absolute path; `(string)` for a text that is no file
   * @param directory what relative paths in the text start from
   * @param hidden true for our own Nix code: errors in it are shown at the user's code that called it
   */
  constructor(
    readonly text: string,
    readonly file = '(string)',
    readonly directory = process.cwd(),
    readonly hidden = false,
  ) {}

  /** Line and column (UTF-16 units), both from 1. */
  lineAndColumn(offset: number): { line: number; column: number } {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }

  /** The text of a line (from 1) without its end. */
  lineText(line: number): string {
    const starts = this.#starts();
    return visibleInPlace(this.text.slice(starts[line - 1], starts[line]).replace(/\r?\n$/, ''));
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

/** A stretch of a source. `start` and `end` are offsets in UTF-16 units. */
export class Position {
  constructor(
    readonly source: Source,
    readonly start: number,
    readonly end: number,
  ) {}

  get file(): string {
    return this.source.file;
  }

  get line(): number {
    return this.source.lineAndColumn(this.start).line;
  }

  get column(): number {
    return this.source.lineAndColumn(this.start).column;
  }

  /** `file:line:column`. */
  toString(): string {
    const { line, column } = this.source.lineAndColumn(this.start);
    return `${this.source.file}:${line}:${column}`;
  }

  /** The source line with a line of carets under this stretch; of a very long line what is around it. */
  excerpt(): string {
    const { line } = this.source.lineAndColumn(this.start);
    const { text, start } = this.#shownLine();
    const number = String(line);
    const width = Math.max(1, Math.min(this.end - this.start, text.length - start));
    const indent = text.slice(0, start).replace(/[^\t]/g, ' ');
    return `${number} | ${text}\n${' '.repeat(number.length)} | ${indent}${'^'.repeat(width)}`;
  }

  /** The source line, without what is far from this stretch in a very long one. */
  lineText(): string {
    return this.#shownLine().text.trim();
  }

  /** `start`: where this stretch begins in the text. */
  #shownLine(): { text: string; start: number } {
    const { line, column } = this.source.lineAndColumn(this.start);
    const text = this.source.lineText(line);
    const at = column - 1;
    if (text.length <= LONG_LINE) return { text, start: at };
    const from = Math.max(0, Math.min(at - LONG_LINE / 4, text.length - LONG_LINE));
    const to = Math.min(text.length, from + LONG_LINE);
    const before = from > 0 ? '… ' : '';
    return {
      text: before + text.slice(from, to) + (to < text.length ? ' …' : ''),
      start: at - from + before.length,
    };
  }
}

/** Characters from which on a line is cut in errors. */
const LONG_LINE = 160;
