import type { MetricRow } from './metrics.js';

const columns = ['metric', 'node', 'role', 'unit', 'at', 'seconds', 'value'] as const;

/** Rows as CSV (RFC 4180): `at` in ISO 8601, an empty value for a gap. */
export function toCsv(rows: readonly MetricRow[]): string {
  const lines = rows.map(row =>
    columns
      .map(column => {
        if (column === 'at') return new Date(row.at).toISOString();
        const value = row[column];
        if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
        return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      })
      .join(','),
  );
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Rows as a JSON array, a row a line; a gap is null. */
export function toJson(rows: readonly MetricRow[]): string {
  return `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`;
}

/** Rows as JSON Lines; a gap is null. */
export function toJsonLines(rows: readonly MetricRow[]): string {
  return rows.map(row => `${JSON.stringify(row)}\n`).join('');
}
