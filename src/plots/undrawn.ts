import type { Row } from '../display/table.js';
import type { Kind } from './columns.js';

/** What a plot leaves out: `2 of 30 values of ms cannot be drawn (NaN)`. A key that a row does not have is no value. */
export function undrawn(
  rows: readonly Row[],
  table: readonly Row[],
  { x, kind, ys }: { x: string; kind: Kind; ys: readonly string[] },
): string[] {
  const fits = (value: unknown) => isFiniteNumber(value) || kind !== 'number';
  const horizontal = kind === 'name' ? [] : sentence(rows, x, fits, table);
  return [...horizontal, ...ys.flatMap(y => sentence(rows, y, isFiniteNumber, table))];
}

const isFiniteNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** `table` has the values as the user gave them. */
function sentence(
  rows: readonly Row[],
  column: string,
  fits: (value: unknown) => boolean,
  table: readonly Row[] = rows,
): string[] {
  const values = rows
    .map((row, index) => ({ value: row[column], given: table[index]![column] }))
    .filter(({ value }) => value !== undefined);
  const others = values.filter(({ value }) => value === null || !fits(value));
  if (others.length === 0) return [];
  const kinds = [...new Set(others.map(({ given }) => shown(given)))];
  const some = kinds.length > 3 ? [...kinds.slice(0, 3), '…'] : kinds;
  const noun = values.length === 1 ? 'value' : 'values';
  return [`${others.length} of ${values.length} ${noun} of ${column} cannot be drawn (${some.join(', ')})`];
}

/** Columns that would be drawn if every value were a number. */
export function mixed(rows: readonly Row[], columns: readonly string[]): string[] {
  return columns
    .filter(name => rows.some(row => typeof row[name] === 'number'))
    .flatMap(name => sentence(rows, name, value => typeof value === 'number'))
    .map(what => `${what}, so this column is not`);
}

function shown(value: unknown): string {
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date';
  if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value).slice(8, -1);
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
