import type { Row } from '../display/table.js';
import { NxcError } from '../errors.js';
import { nearest } from '../suggest.js';
import { type Kind, kindOf, variety, withoutDates } from './columns.js';
import { downsample } from './downsample.js';
import { type Spec, schema, sparse } from './metrics-spec.js';
import { colour, colourRange, config, ticks } from './style.js';

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
const width = 600;
/** Pixels of a letter of a label, on average. */
const letterWidth = 6;
/** Pixels that a slanted label takes on the axis. */
const slantedRoom = 17;
/** More bars than this side by side are too thin to have a name each. */
const mostBars = 60;

/** A table as a plot. */
export function rowsSpec(table: readonly Row[], options: RowsOptions): Spec {
  const rows = withoutDates(table);
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
  const names = by === undefined ? [] : [...new Set(values.map(row => String((row as Row)[by])))];
  const yField = folded ? 'value' : ys[0]!;
  const dots = mark === 'line' && values.length <= sparse ? { point: { size: 28 } } : {};
  const bars = mark === 'bar' && kind !== 'time' && variety(rows, x) <= mostBars;
  const stepped = kind === 'name' || bars;
  return {
    $schema: schema,
    ...(title ? { title } : {}),
    config,
    width: stepped ? widthOf(variety(rows, x)) : width,
    height: 240,
    data: { values: thinned(values as Row[], x, yField, by, kind) },
    mark: { type: mark, tooltip: true, ...markLooks[mark], ...dots },
    encoding: {
      x: { field: field(x), title: x, ...(stepped ? steps(kind, rows, x) : continuous(kind, rows, x)) },
      y: {
        field: field(yField),
        type: 'quantitative',
        title: folded ? ys.join(', ') : yField,
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
            ...(mark === 'bar' ? { xOffset: { field: field(by), sort: null } } : {}),
          }),
    },
  };
}

/** Of a plot with this many places. */
function widthOf(places: number): number {
  return Math.min(width, Math.max(240, 48 * places));
}

/** A place for each value. Names keep the order of the rows, numbers and days have their own. */
function steps(kind: Kind, rows: readonly Row[], x: string): object {
  const longest = rows.reduce((most, row) => Math.max(most, String(row[x]).length), 0);
  const places = variety(rows, x);
  const room = widthOf(places) / places;
  const slanted = longest * letterWidth > room && room >= slantedRoom;
  return {
    type: 'ordinal',
    ...(kind === 'name' ? { sort: null } : {}),
    axis: { labelAngle: slanted ? -40 : 0, grid: false, labelOverlap: !slanted },
  };
}

/** Numbers or times, with some space left and right so that no value lies on an axis. */
function continuous(kind: Kind, rows: readonly Row[], x: string): object {
  const axis = { grid: false, labelOverlap: true };
  const scale = { nice: false, padding: 12 };
  if (kind === 'number') {
    return {
      type: 'quantitative',
      scale: { ...scale, zero: false },
      axis: {
        ...axis,
        ...ticks(
          rows.map(row => row[x]),
          12,
        ),
      },
    };
  }
  return {
    type: 'temporal',
    scale: kind === 'day' ? { ...scale, type: 'utc' } : scale,
    axis: { ...axis, format: timeFormats },
  };
}

/** Vega's own are a mixture of weekdays, months and American hours. */
const timeFormats = {
  quarter: '%b %Y',
  month: '%b %Y',
  week: '%b %d',
  date: '%b %d',
  day: '%b %d',
  hours: '%H:%M',
  minutes: '%H:%M',
  seconds: '%H:%M:%S',
};

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
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const key = by === undefined ? '' : row[by];
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const budget = Math.floor(mostRows / groups.size);
  const at = (value: unknown) => (kind === 'number' ? Number(value) : Date.parse(String(value)));
  return [...groups.values()].flatMap(group =>
    downsample(
      group.map(row => ({ row, x: at(row[x]), y: Number(row[y]) })),
      budget,
    ).map(point => point.row),
  );
}
