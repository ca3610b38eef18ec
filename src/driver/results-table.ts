import { type Row, Table, type TableOptions } from '../display/table.js';
import { formatDuration } from '../duration.js';

/** What every result of a command has (result.ts). */
const fields = ['node', 'command', 'status', 'stdout', 'stderr', 'startedAt', 'durationMs'] as const;

/** What people look for in them; the rest is folded. */
const shown = ['node', 'status', 'duration', 'stdout', 'stderr'];

/** Rows as a table. Results of commands show what people look for in them. */
export function tableOf(rows: readonly Row[], options: TableOptions = {}): Table {
  if (options.columns || rows.length === 0 || !rows.every(isResult)) return new Table(rows, options);
  const results = rows.map(({ durationMs, ...rest }) => ({ ...rest, duration: durationMs }));
  const rest = [...new Set(results.flatMap(row => Object.keys(row)))].filter(name => !shown.includes(name));
  return new Table(results, {
    ...options,
    columns: shown,
    folded: rest,
    format: { duration: shortDuration },
  });
}

const isResult = (row: Row): boolean => fields.every(name => Object.hasOwn(row, name));

/** With two digits. */
const shortDuration = (ms: unknown): string =>
  typeof ms === 'number' ? formatDuration(Number(ms.toPrecision(2))).replace(/\.0 s$/, ' s') : '';
