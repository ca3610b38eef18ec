import { clip } from '../display/width.js';
import type { Span } from '../metrics/spans.js';
import type { Panel } from './lines.js';
import { axis, sparkline } from './spark.js';
import { spread } from './spread.js';
import { inOrder } from './style.js';
import { formatValue } from './units.js';

const reset = '\u001b[0m';
const colours = [34, 33, 32, 35, 36, 31].map(code => `\u001b[${code}m`);
/** Columns that a line of blocks takes. */
const [narrowest, widest] = [16, 60];

interface TextOptions {
  columns?: number;
  colour?: boolean;
  title?: string;
  /** What the seconds are counted from. */
  origin?: string;
  /** Seconds that the axis covers. */
  from?: number;
  to?: number;
  /** What happened, with its time. */
  events?: ReadonlyArray<Pick<Span, 'label'> & { fromSecond: number; toSecond: number }>;
}

/**
 * Panels as text, no line wider than `columns`: a line for each series with its course over one axis of time, and its least, mean and
 * greatest value. The name of a panel says what its full height is.
 */
export function summary(panels: readonly Panel[], options: TextOptions = {}): string {
  const { columns = 80, colour = false, title = '', origin, from = 0, to = 1, events = [] } = options;
  const names = inOrder(new Set(panels.flatMap(panel => panel.lines.map(line => line.name))));
  const nameWidth = Math.min(
    Math.max(4, ...panels.flatMap(panel => panel.lines.map(line => nameOf(line).length))),
    Math.max(4, columns - narrowest - 5),
  );
  const room = columns - nameWidth - 4;
  const figureWidth = Math.max(
    10,
    ...panels.flatMap(panel =>
      panel.lines.flatMap(line => figuresOf(line, panel.unit).map(([, text]) => text.length)),
    ),
  );
  const figuresWidth = 3 * figureWidth + 'min mean max '.length + 3 * 2;
  const figured = room >= narrowest + figuresWidth;
  const slots = Math.max(4, Math.min(widest, figured ? room - figuresWidth : room));
  const paint = (text: string, name: string) =>
    colour ? `${colours[names.indexOf(name) % colours.length]}${text}${reset}` : text;
  const margin = ' '.repeat(nameWidth + 4);
  const blocks = panels.map(panel => {
    const greatest = Math.max(
      0,
      spread(panel.lines.flatMap(line => line.stretches.flat().map(({ y }) => y))).max,
    );
    const lines = panel.lines
      .toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name))
      .map(line => {
        const name = clip(nameOf(line), nameWidth).padEnd(nameWidth);
        const values = line.stretches.flat().map(({ y }) => y);
        if (values.length === 0) return `  ${name}  no values`;
        const spark = paint(sparkline(line.stretches, slots, greatest, { from, to }), line.name);
        if (!figured) return `  ${name}  ${spark}`;
        const figures = figuresOf(line, panel.unit).map(
          ([label, text]) => `${label} ${text.padStart(figureWidth)}`,
        );
        return `  ${name}  ${spark}  ${figures.join('  ')}`;
      });
    const height = greatest > 0 ? `, from 0 to ${formatValue(greatest, panel.unit)}` : ', 0 all the time';
    return [clip(`${panel.metric}${height}`, columns), ...lines].join('\n');
  });
  const time = panels.length > 0 ? axis(slots, { from, to }) : [];
  const seconds = origin === undefined ? [] : [clip(`${margin}seconds since ${origin}`, columns)];
  const happened = events.map(({ label, fromSecond, toSecond }) =>
    clip(`${margin}${fromSecond.toFixed(1)} to ${toSecond.toFixed(1)}: ${label}`, columns),
  );
  return [
    ...(title ? [clip(title, columns)] : []),
    ...blocks,
    ...time.map(line => `${margin}${line}`),
    ...seconds,
    ...happened,
  ].join('\n');
}

const figuresOf = ({ stretches }: Panel['lines'][number], unit: string): Array<[string, string]> =>
  Object.entries(spread(stretches.flat().map(({ y }) => y))).map(([label, value]) => [
    label,
    formatValue(value, unit),
  ]);

function nameOf({ name, kind }: { name: string; kind: string }): string {
  return [name || 'all', kind].filter(Boolean).join(' ');
}
