import { jsonOf } from '../display/json-of.js';
import type { Row } from '../display/table.js';
import { vegaLiteSchema } from '../display/vega-lite.js';
import { NxcError } from '../errors.js';
import { groupBy } from '../group-by.js';
import { nearest } from '../suggest.js';
import { type Kind, kindOf, withPlainValues } from './columns.js';
import { downsample } from './downsample.js';
import { type Spec, sparse } from './metrics-spec.js';
import { continuous, placesOf, steps, widthOf } from './rows-axis.js';
import { colour, colourRange, config, inOrder, ticks } from './style.js';
import { mixed, undrawn } from './undrawn.js';

/** Rows that cannot be plotted as asked. */
export class PlotError extends NxcError {}

const marks = ['line', 'bar', 'point', 'area'] as const;

export interface RowsOptions {
  /** Column of the horizontal axis; by default the first one. */
  x?: string;
  /** Columns of the vertical axis; by default every other column of numbers. */
  y?: string | readonly string[];
  /** Column that tells lines or bars apart. */
  color?: string;
  /** By default a line over numbers and times, bars over names. */
  mark?: (typeof marks)[number];
  title?: string;
}

const mostRows = 2000;

/** A table as a plot, and in sentences what it does not show. */
export function rowsSpec(table: readonly Row[], options: RowsOptions): { spec: Spec; notes: string[] } {
  const rows = withPlainValues(table);
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))];
  if (columns.length === 0) throw new PlotError({ asked: 'there is nothing to plot', found: 'no rows' });
  const { color, title } = options;
  const x = column(options.x ?? columns[0]!, columns);
  if (color !== undefined) column(color, columns);
  const ys = verticals(rows, columns, x, options);
  const kind = kindOf(rows, x);
  const mark = options.mark ?? (kind === 'name' ? 'bar' : 'line');
  if (!marks.includes(mark)) {
    throw new PlotError({
      asked: `there is no mark "${mark}"`,
      nearest: nearest(mark, marks),
      found: `marks are ${marks.join(', ')}`,
    });
  }
  const folded = ys.length > 1;
  const by = folded ? 'series' : color;
  const values = folded ? rows.flatMap(row => ys.map(y => ({ ...row, series: y, value: row[y] }))) : rows;
  // As they stand in the rows: a scale does not take "100" for 100.
  const found = by === undefined ? [] : [...new Set(values.map(row => (row as Row)[by]))];
  const names = folded ? found : inOrder(found);
  const yField = folded ? 'value' : ys[0]!;
  const dots = mark === 'line' && values.length <= sparse ? { point: { size: 28 } } : {};
  const places = placesOf(rows, x, kind, mark);
  const drawn = thinned(values as Row[], x, yField, by, kind);
  const notes = undrawn(rows, table, { x, kind, ys });
  if (options.y === undefined)
    notes.push(
      ...mixed(
        rows,
        columns.filter(name => ![x, color, ...ys].includes(name) && kindOf(rows, name) === 'name'),
      ),
    );
  if (drawn.length < values.length) notes.push(`${drawn.length} of ${values.length} points are drawn`);
  const subtitle = notes.join('; ');
  const spec = {
    $schema: vegaLiteSchema,
    ...(subtitle ? { title: { text: title ?? '', subtitle } } : title ? { title } : {}),
    config,
    width: widthOf(places),
    height: 240,
    data: { values: drawn },
    mark: { type: mark, tooltip: true, ...markLooks[mark], ...dots },
    encoding: {
      x: {
        field: field(x),
        title: x,
        ...(places === undefined ? continuous(kind, rows, x) : steps(kind, rows, x, places)),
      },
      y: {
        field: field(yField),
        type: 'quantitative',
        title: folded ? ys.join(', ') : yField,
        ...(isIdle(rows, ys) ? { scale: { domain: [0, 1] } } : {}),
        axis: ticks([0, ...ys.flatMap(y => rows.map(row => row[y]))], 6),
      },
      ...(by === undefined
        ? { color: { value: colour } }
        : {
            color: {
              field: field(by),
              type: 'nominal',
              title: folded ? null : by,
              sort: null,
              scale: { domain: names, ...colourRange(names) },
            },
            ...(mark === 'bar' ? { xOffset: { field: field(by), sort: names } } : {}),
          }),
    },
  };
  return { spec: jsonOf(spec, { drawn: true }).json as Spec, notes };
}

const isIdle = (rows: readonly Row[], ys: readonly string[]): boolean =>
  rows.every(row => ys.every(y => row[y] === 0));

const markLooks = {
  line: { strokeWidth: 2 },
  bar: {},
  point: { filled: true, size: 45 },
  area: { opacity: 0.6 },
};

/** Vega reads dots and brackets in a field's name as a path. */
const field = (name: string): string => name.replace(/[.[\]\\'"]/g, '\\$&');

function column(name: string, columns: readonly string[]): string {
  if (columns.includes(name)) return name;
  throw new PlotError({
    asked: `the rows have no column "${name}"`,
    nearest: nearest(name, columns),
    found: `columns are ${columns.join(', ')}`,
  });
}

function verticals(
  rows: readonly Row[],
  columns: readonly string[],
  x: string,
  { y, color }: RowsOptions,
): string[] {
  if (y !== undefined && y.length > 0)
    return (typeof y === 'string' ? [y] : [...y]).map(name => column(name, columns));
  const found = columns.filter(name => name !== x && name !== color && kindOf(rows, name) === 'number');
  if (found.length > 0) return color === undefined ? found : found.slice(0, 1);
  throw new PlotError({
    asked: 'no column holds numbers to plot',
    found: `columns are ${columns.join(', ')}`,
    todo: 'name one: plot(rows, { y: "…" })',
  });
}

function thinned(
  rows: readonly Row[],
  x: string,
  y: string,
  by: string | undefined,
  kind: Kind,
): readonly Row[] {
  if (rows.length <= mostRows || kind === 'name') return rows;
  const groups = groupBy(rows, row => (by === undefined ? '' : row[by]));
  const budget = Math.floor(mostRows / groups.size);
  const at = (value: unknown) => (kind === 'number' ? Number(value) : Date.parse(String(value)));
  return [...groups.values()].flatMap(group =>
    downsample(
      group.map(row => ({ row, x: at(row[x]), y: Number(row[y]) })),
      budget,
    ).map(point => point.row),
  );
}
