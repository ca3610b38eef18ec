import { clip } from '../display/width.js';
import type { Span } from '../metrics/spans.js';
import type { Line, Panel } from './lines.js';
import { type Height, sparklines, timeAxis, type Window } from './spark.js';
import { spread } from './spread.js';
import { inOrder } from './style.js';
import { formatValue } from './units.js';

const reset = '\u001b[0m';
const colours = [34, 33, 32, 35, 36, 31].map(code => `\u001b[${code}m`);
/** Columns that a line of blocks takes. */
const [narrowest, widest] = [16, 60];
/** Series that get two rows each: more would not fit a screen. */
const mostTall = 8;

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
 * Panels as text, no line wider than `columns`: each series has its course between an axis of values and one of time, and its least,
 * mean and greatest value. All series of a panel have the same axis of values.
 */
export function summary(panels: readonly Panel[], options: TextOptions = {}): string {
  const { columns = 80, colour = false, title = '', origin, from = 0, to = 1, events = [] } = options;
  const names = inOrder(new Set(panels.flatMap(panel => panel.lines.map(line => line.name))));
  const rows = panels.flatMap(panel => panel.lines).length > mostTall ? 1 : 2;
  const layout = layoutOf(panels, columns, rows);
  const paint = (text: string, name: string) =>
    colour ? `${colours[names.indexOf(name) % colours.length]}${text}${reset}` : text;
  const blocks = panels.map(panel => {
    const labels = labelsOf(panel, rows);
    const range = layout.label > 0 || labels.length === 0 ? '' : `, ${rangeOf(panel)}`;
    const lines = panel.lines
      .toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name))
      .flatMap((line, index) => {
        // Where each series has a row, the first one says what all have.
        const shown = rows > 1 || index === 0 ? labels : [];
        return linesOf(line, panel, layout, shown, { from, to }, text => paint(text, line.name));
      });
    return [clip(`${panel.metric}${range}`, columns), ...lines].join('\n');
  });
  const margin = ' '.repeat(layout.margin);
  const [axis = '', seconds = ''] = panels.length > 0 ? timeAxis(layout.slots, { from, to }) : [];
  const happened = events.map(({ label, fromSecond, toSecond }) =>
    clip(`${margin}${fromSecond.toFixed(1)} to ${toSecond.toFixed(1)}: ${label}`, columns),
  );
  return [
    ...(title ? [clip(title, columns)] : []),
    ...blocks,
    ...(panels.length > 0 ? [`${margin.slice(1)}└${axis}`, `${margin}${seconds}`] : []),
    ...(origin === undefined ? [] : [clip(`${margin}seconds since ${origin}`, columns)]),
    ...happened,
  ].join('\n');
}

/** Columns of what stands beside each other, and rows of a series. */
interface Layout {
  name: number;
  /** 0 where there is no room: the panel's name says then what the axis covers. */
  label: number;
  /** What is left of the blocks. */
  margin: number;
  slots: number;
  /** 0 where there is no room. */
  figure: number;
  rows: number;
}

function layoutOf(panels: readonly Panel[], columns: number, rows: number): Layout {
  const longest = Math.max(4, ...panels.flatMap(({ lines }) => lines.map(line => nameOf(line).length)));
  const labels = panels.flatMap(panel => labelsOf(panel, rows)).map(label => label.length + 1);
  const wanted = Math.max(0, ...labels);
  const label = columns - Math.min(longest, 12) - 5 - wanted >= narrowest ? wanted : 0;
  const name = Math.min(longest, Math.max(4, columns - narrowest - 5 - label));
  const margin = name + label + 5;
  const figure = Math.max(
    10,
    ...panels.flatMap(panel =>
      panel.lines.flatMap(line => figuresOf(line, panel.unit).map(([, text]) => text.length)),
    ),
  );
  const figures = 3 * figure + 'min mean max '.length + 3 * 2;
  const figured = columns - margin >= narrowest + figures;
  const slots = Math.max(4, Math.min(widest, columns - margin - (figured ? figures : 0)));
  return { name, label, margin, slots, figure: figured ? figure : 0, rows };
}

/** The rows of a series; the lowest has its name and its figures, each the label that the axis has there. */
function linesOf(
  line: Line,
  panel: Panel,
  { name, label, slots, figure, rows }: Layout,
  labels: readonly string[],
  window: Window,
  paint: (text: string) => string,
): string[] {
  const called = clip(nameOf(line), name).padEnd(name);
  if (line.stretches.length === 0) return [`  ${called}  no values`];
  return sparklines(line.stretches, { slots, rows }, heightOf(panel), window).map((blocks, row) => {
    const lowest = row === rows - 1;
    const figures = figure > 0 && lowest ? figuresOf(line, panel.unit) : [];
    const beside = figures.map(([word, text]) => `  ${word} ${text.padStart(figure)}`).join('');
    const value = label > 0 ? `${(labels[row] ?? '').padStart(label - 1)} ` : '';
    return `  ${lowest ? called : ' '.repeat(name)}  ${value}┤${paint(blocks)}${beside}`;
  });
}

/** All values and 0. */
function heightOf(panel: Panel): Height {
  const { min, max } = spread(panel.lines.flatMap(line => line.stretches.flat().map(({ y }) => y)));
  return { low: Math.min(0, min), high: Math.max(0, max) };
}

/** What the axis of values says at each row of a series; nothing where no value is known. */
function labelsOf(panel: Panel, rows: number): string[] {
  const { low, high } = heightOf(panel);
  const [least, greatest] = [low, high].map(value => formatValue(value, panel.unit));
  if (panel.lines.every(line => line.stretches.length === 0)) return [];
  if (low === high) return rows > 1 ? ['', least!] : [least!];
  return rows > 1 ? [greatest!, least!] : [`${least} to ${greatest}`];
}

function rangeOf(panel: Panel): string {
  const { low, high } = heightOf(panel);
  const [least, greatest] = [low, high].map(value => formatValue(value, panel.unit));
  return low < high ? `from ${least} to ${greatest}` : `${least} all the time`;
}

const figuresOf = ({ stretches }: Line, unit: string): Array<[string, string]> =>
  Object.entries(spread(stretches.flat().map(({ y }) => y))).map(([label, value]) => [
    label,
    formatValue(value, unit),
  ]);

function nameOf({ name, kind }: { name: string; kind: string }): string {
  return [name || 'all', kind].filter(Boolean).join(' ');
}
