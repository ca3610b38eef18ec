import { axisTitle } from '../metrics/rates.js';
import type { Span } from '../metrics/spans.js';
import { downsample } from './downsample.js';
import type { Panel } from './lines.js';
import { colour, colourRange, config, ticks } from './style.js';
import { scaleFor } from './units.js';

/** A Vega-Lite specification. */
export type Spec = Readonly<Record<string, unknown>>;

export const schema = 'https://vega.github.io/schema/vega-lite/v5.json';

/** Points in one plot: more are only slower and a burden for the notebook's file. */
const mostPoints = 2000;
const width = 600;
/** With so few points each gets a dot. */
export const sparse = 60;

export interface TimeAxis {
  /** What happened at second 0: `In[4] began`. */
  origin: string;
  /** Seconds that the plot covers. */
  length: number;
  spans: ReadonlyArray<Span & { fromSecond: number; toSecond: number }>;
}

/** Panels over one time axis, with a colour for each name and the cells' spans behind the lines. */
export function metricsSpec(panels: readonly Panel[], time: TimeAxis, title?: string): Spec {
  const lines = panels.flatMap(panel => panel.lines);
  const names = [...new Set(lines.map(line => line.name).filter(Boolean))];
  const budget = Math.max(12, Math.floor(mostPoints / Math.max(1, lines.length)));
  return {
    $schema: schema,
    ...(title ? { title } : {}),
    config,
    spacing: 14,
    resolve: { scale: { color: 'shared', strokeDash: 'shared', shape: 'shared' } },
    vconcat: panels.map((panel, index) => ({
      width,
      height: panels.length > 2 ? 120 : 150,
      layer: [
        ...spanLayers(time, index === 0),
        linesLayer(panel, names, budget, time, index === panels.length - 1),
      ],
    })),
  };
}

function linesLayer(
  panel: Panel,
  names: readonly string[],
  budget: number,
  time: TimeAxis,
  lowest: boolean,
): Spec {
  const values = panel.lines.flatMap(line => line.stretches.flat().map(point => point.high ?? point.y));
  const { divisor, unit } = scaleFor(panel.unit, Math.max(0, ...values));
  const kinds = [...new Set(panel.lines.map(line => line.kind).filter(Boolean))];
  const rounded = (value: number) => Number((value / divisor).toPrecision(4));
  const total = (line: Panel['lines'][number]) => line.stretches.reduce((sum, one) => sum + one.length, 0);
  const data = panel.lines.flatMap(line =>
    line.stretches.flatMap((stretch, index) =>
      downsample(stretch, Math.max(3, Math.round((budget * stretch.length) / total(line)))).map(point => ({
        t: Number(point.x.toFixed(2)),
        v: rounded(point.y),
        ...(point.low === undefined ? {} : { low: rounded(point.low), high: rounded(point.high!) }),
        ...(line.name ? { node: line.name } : {}),
        ...(line.kind ? { kind: line.kind } : {}),
        part: index,
        // A single point makes no line.
        ...(stretch.length === 1 ? { alone: true } : {}),
      })),
    ),
  );
  const dotted = data.length <= sparse ? data : data.filter(row => row.alone);
  const x = {
    field: 't',
    type: 'quantitative',
    title: lowest ? `seconds since ${time.origin}` : null,
    scale: { domain: [0, time.length], nice: false },
    axis: { grid: false, labels: lowest, tickCount: 10 },
  };
  const color = {
    field: 'node',
    type: 'nominal',
    title: null,
    sort: null,
    scale: { domain: names, ...colourRange(names) },
    legend: names.length > 1 ? { symbolType: 'stroke', symbolOpacity: 1 } : null,
  };
  const shared = {
    color: names.length > 0 ? color : { value: colour },
    detail: [{ field: 'part' }],
  };
  // Without a line there are no dashes to tell them apart by.
  const onlyDots = data.every(row => row.alone);
  const dash = {
    field: 'kind',
    type: 'nominal',
    title: null,
    scale: {
      domain: kinds,
      range: [
        [1, 0],
        [4, 3],
      ],
    },
    legend: { symbolType: 'stroke' },
  };
  const shape = {
    field: 'kind',
    type: 'nominal',
    title: null,
    scale: { domain: kinds, range: ['circle', 'triangle-up'] },
  };
  const name = axisTitle(panel.metric) ?? [panel.metric, unit ? `(${unit})` : ''].filter(Boolean).join(' ');
  const y = {
    field: 'v',
    type: 'quantitative',
    title: name,
    axis: { minExtent: 38, titleLimit: 200, ...ticks([0, ...data.map(row => row.v)], 4) },
  };
  const ranged = data.some(row => row.low !== undefined && row.low !== row.high);
  const line = {
    mark: { type: 'line', strokeWidth: 1.8, tooltip: true },
    encoding: { x, y, ...shared, ...(kinds.length > 1 && !onlyDots ? { strokeDash: dash } : {}) },
  };
  const band = {
    mark: { type: 'area', opacity: 0.18 },
    encoding: {
      x,
      y: { ...y, field: 'low' },
      y2: { field: 'high' },
      ...shared,
      detail: [{ field: 'part' }, { field: 'kind' }],
    },
  };
  // Layers of their own: points that belong to the line's mark make Vega draw circles in the legend of dashes.
  const dots = {
    data: { values: dotted },
    mark: { type: 'point', filled: true, size: 24, opacity: 1, tooltip: true },
    encoding: { x, y, ...shared, ...(kinds.length > 1 && onlyDots ? { shape } : {}) },
  };
  const layer = [...(ranged ? [band] : []), line, ...(dotted.length > 0 ? [dots] : [])];
  return { data: { values: data }, layer };
}

/** Colours of what a span shows. */
const inks = { cell: { area: '#8a93a6', text: '#5b6475' }, fault: { area: '#c0392b', text: '#a5281b' } };
const labelSize = 10;

/**
 * Shaded stretches in which cells ran and faults lasted; the topmost panel carries their labels where there is room, those of
 * faults and of the longest first.
 */
function spanLayers(time: TimeAxis, labelled: boolean): Spec[] {
  const kinds = ['cell', 'fault'] as const;
  const labels = labelled ? placed(time) : [];
  return kinds.flatMap(kind => {
    const of = time.spans.filter(span => span.kind === kind);
    if (of.length === 0) return [];
    const values = of.map(span => ({ a: span.fromSecond, b: span.toSecond, [kind]: span.label }));
    const named = labels
      .filter(span => span.kind === kind)
      .map(span => ({ a: span.fromSecond, [kind]: span.label }));
    const x = { field: 'a', type: 'quantitative', scale: { domain: [0, time.length], nice: false } };
    const { area, text } = inks[kind];
    return [
      {
        data: { values },
        mark: { type: 'rect', color: area, opacity: 0.13, tooltip: { content: 'data' } },
        encoding: { x, x2: { field: 'b' } },
      },
      {
        data: { values },
        mark: { type: 'rule', color: area, opacity: 0.6, strokeWidth: 0.7 },
        encoding: { x },
      },
      ...(named.length === 0 ? [] : [labelsLayer(named, kind, x, text)]),
    ];
  });
}

const labelsLayer = (values: object[], field: string, x: object, color: string): Spec => ({
  data: { values },
  mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 1, dy: -3, fontSize: labelSize, color },
  encoding: { x, y: { value: 0 }, text: { field } },
});

/** The spans whose labels do not run into each other or out of the plot. */
function placed({ spans, length }: TimeAxis): TimeAxis['spans'] {
  const second = length / width;
  const end = (span: TimeAxis['spans'][number]) =>
    span.fromSecond + second * (span.label.length * labelSize * 0.55 + 10);
  const found: Array<TimeAxis['spans'][number]> = [];
  const importance = (span: TimeAxis['spans'][number]) =>
    (span.kind === 'fault' ? length : 0) + span.toSecond - span.fromSecond;
  for (const span of spans.toSorted((one, other) => importance(other) - importance(one))) {
    const free = found.every(other => span.fromSecond >= end(other) || end(span) <= other.fromSecond);
    if (free && end(span) <= length + second * 10) found.push(span);
  }
  return found;
}
