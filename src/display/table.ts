import { inspect } from 'node:util';
import { withSymbols } from '../visible.js';
import type { MimeBundle, Renderable } from './bundle.js';
import { escapeHtml } from './html.js';
import { shortNumber } from './number.js';

/** One row: column name → value. */
export type Row = Readonly<Record<string, unknown>>;

export interface TableOptions {
  /** Columns in order; by default every key of the rows, in the order in which they first appear. */
  columns?: readonly string[];
  title?: string;
  /** Rows of the user's: null and undefined show as such; in ours they are what is unknown, and an empty cell. */
  asSuch?: boolean;
  /** Rows shown; of a longer table the first ones and a count of the others. Default 60. */
  limit?: number;
  /** Columns whose text goes on in the next line where there is no room, such as advice, of which no word may be missing. */
  whole?: readonly string[];
  /** Columns of a second table, which HTML shows when it is opened; text only names them. */
  folded?: readonly string[];
  /** How values of a column are written; the value itself is the title of its cell. */
  format?: Readonly<Record<string, (value: unknown) => string>>;
}

interface Cell {
  text: string;
  /** The whole value, where the text is shorter. */
  full?: string;
}

/** Characters of a cell: at most, and where the widest ones must give way in a narrow terminal. */
const CELL_WIDTH = 60;
const NARROWEST = 8;
const GAP = '  ';

/** Rows under named columns. Numbers are aligned to the right; everything is escaped in HTML. */
export class Table implements Renderable {
  readonly columns: readonly string[];
  readonly #title: string | undefined;
  readonly #cells: Cell[][];
  readonly #folded: Table | undefined;
  readonly #numeric: boolean[];
  readonly #more: string | undefined;
  readonly #whole: ReadonlySet<string>;

  constructor(
    readonly rows: readonly Row[],
    { columns, title, limit = 60, whole = [], asSuch = false, folded = [], format = {} }: TableOptions = {},
  ) {
    this.#whole = new Set(whole);
    const formats = new Map(Object.entries(format));
    this.columns = columns ?? [...new Set(rows.flatMap(row => Object.keys(row)))];
    this.#title = title === undefined ? undefined : withSymbols(title);
    const shown = rows.slice(0, limit);
    this.#cells = shown.map(row =>
      this.columns.map(column => cellOf(row[column], cellText(row, column, asSuch), formats.get(column))),
    );
    this.#numeric = this.columns.map(
      column =>
        shown.some(row => isNumber(row[column])) && shown.every(row => isNumberOrNothing(row[column])),
    );
    this.#folded = folded.length > 0 ? new Table(rows, { columns: folded, limit }) : undefined;
    const left = rows.length - shown.length;
    // Without rows and columns nothing at all would be seen.
    const none = rows.length === 0 && this.columns.length === 0;
    this.#more = none ? 'no rows' : left > 0 ? `… ${left} more of ${rows.length} rows` : undefined;
  }

  toMimeBundle(): MimeBundle {
    return { 'text/plain': this.#text(CELL_WIDTH), 'text/html': this.#html() };
  }

  toTerminal(columns: number): string {
    const widths = this.columns.map((name, i) =>
      Math.max(name.length, ...this.#cells.map(row => row[i]!.text.length)),
    );
    const room = columns - GAP.length * (widths.length - 1);
    const taken = (widest: number) => widths.reduce((sum, width) => sum + Math.min(width, widest), 0);
    let widest = Math.max(CELL_WIDTH, ...widths);
    while (widest > NARROWEST && taken(widest) > room) widest--;
    return this.#text(widest);
  }

  #text(cellWidth: number): string {
    const header = this.columns.map(column => oneLine(withSymbols(column), cellWidth));
    const body = this.#cells.flatMap(row => this.#lines(row, cellWidth));
    const widths = header.map((name, i) => Math.max(name.length, ...body.map(row => row[i]!.length)));
    const line = (row: string[]) =>
      row
        .map((text, i) => (this.#numeric[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
        .join(GAP)
        .trimEnd();
    const rule = widths.map(width => '-'.repeat(width)).join(GAP);
    const folded = this.#folded && `also: ${this.#folded.columns.map(withSymbols).join(', ')}`;
    const head = this.columns.length > 0 ? [line(header), rule] : [];
    return [this.#title, ...head, ...body.map(line), this.#more, folded]
      .filter(part => part !== undefined)
      .join('\n');
  }

  /** A row of the table in text: one line, or several where a cell must be whole. */
  #lines(row: readonly Cell[], cellWidth: number): string[][] {
    const parts = row.map(({ text }, i) =>
      this.#whole.has(this.columns[i]!) ? broken(text, cellWidth) : [oneLine(text, cellWidth)],
    );
    const height = Math.max(1, ...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => parts.map(part => part[line] ?? ''));
  }

  #html(): string {
    // Many columns need every place to break a line that they have.
    const roomy = this.columns.length <= ROOMY;
    const style = (i: number, text: string) =>
      `${roomy && isShort(text) ? ' nowrap' : ''} style="text-align: ${this.#numeric[i] ? 'right' : 'left'}"`;
    const titleOf = (full?: string) => (full === undefined ? '' : ` title="${escapeHtml(full)}"`);
    const row = (tag: 'th' | 'td', cells: readonly Cell[]) =>
      `<tr>${cells.map(({ text, full }, i) => `<${tag}${style(i, text)}${titleOf(full)}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
    const caption =
      this.#title === undefined
        ? ''
        : `<caption style="text-align: left; white-space: nowrap">${escapeHtml(this.#title)}</caption>`;
    const body = this.#cells.map(cells => row('td', cells)).join('\n');
    const more = this.#more === undefined ? '' : `\n<p>${escapeHtml(this.#more)}</p>`;
    // JupyterLab would set what stands between two dollars as mathematics.
    return `<table class="mathjax_ignore tex2jax_ignore">${caption}\n<thead>${row(
      'th',
      this.columns.map(name => ({ text: withSymbols(name) })),
    )}</thead>\n<tbody>\n${body}\n</tbody>\n</table>${more}${this.#foldedHtml()}`;
  }

  #foldedHtml(): string {
    if (!this.#folded) return '';
    const summary = escapeHtml(this.#folded.columns.map(withSymbols).join(', '));
    return `\n<details><summary>${summary}</summary>\n${this.#folded.#html()}\n</details>`;
  }
}

/** Columns that find room on any screen. */
const ROOMY = 8;

/** Such as `1.5 s`, which browsers break first when another column is wide. */
const isShort = (text: string): boolean => text.length <= 20 && text.includes(' ');

/** Whether a value reads as a table: at least one row, and every one a plain object with at least one key; holes are no rows. */
export function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.findIndex(one => !isPlainRow(one)) < 0;
}

function isPlainRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.keys(value).length > 0;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isNumberOrNothing(value: unknown): boolean {
  return value === undefined || value === null || isNumber(value);
}

function cellOf(value: unknown, whole: string, format?: (value: unknown) => string): Cell {
  const full = withSymbols(whole);
  const short = format ? format(value) : isNumber(value) ? shortNumber(value as number | bigint) : full;
  const text = withSymbols(short);
  return text === full ? { text } : { text, full };
}

/** A key that is absent, or of our own tables what is unknown, is an empty cell. */
function cellText(row: Row, column: string, asSuch: boolean): string {
  const value = row[column];
  if (value === undefined || value === null) return asSuch && Object.hasOwn(row, column) ? String(value) : '';
  if (typeof value === 'string') return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'object' || typeof value === 'function')
    return inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 10 });
  return String(value);
}

/** The text in lines of at most that width, with every character of it: words that are longer are broken, too. */
function broken(text: string, width: number): string[] {
  const fitting = new RegExp(`.{1,${width}}(?: +|$)|.{${width}}`, 'gu');
  return text.split('\n').flatMap(line => line.match(fitting)?.map(part => part.trimEnd()) ?? ['']);
}

function oneLine(text: string, width: number): string {
  const line = text.replace(/\s*\n\s*/g, ' ⏎ ').replaceAll('\t', ' ');
  return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
}
