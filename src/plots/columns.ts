import type { Row } from '../display/table.js';

/** What a column holds. Days are dates without a time: the same day wherever the plot is looked at. */
export type Kind = 'number' | 'time' | 'day' | 'name';

const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const day = /^\d{4}-\d\d-\d\d$/;
const midnight = /T00:00:00(\.0+)?Z$/;

export function kindOf(rows: readonly Row[], name: string): Kind {
  const values = rows.map(row => row[name]).filter(value => value !== undefined && value !== null);
  if (values.every(value => typeof value === 'number')) return 'number';
  const texts = values.map(value => (typeof value === 'string' ? value : ''));
  if (!texts.every(text => time.test(text) && !Number.isNaN(Date.parse(text)))) return 'name';
  return texts.every(text => day.test(text)) ? 'day' : 'time';
}

/** BigInts as numbers, and dates as ISO 8601 text, without the time where that is midnight (UTC), which is how a Date says a day. */
export function withPlainValues(rows: readonly Row[]): Row[] {
  return rows.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
  );
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  const text = value instanceof Date ? (value.toJSON() as string | null) : value;
  return typeof text === 'string' && time.test(text) ? text.replace(midnight, '') : text;
}

/** How many different values a column has. */
export function variety(rows: readonly Row[], name: string): number {
  return new Set(rows.map(row => String(row[name]))).size;
}
