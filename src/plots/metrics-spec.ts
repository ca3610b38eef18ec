import { vegaLiteSchema } from '../display/vega-lite.js';
import { axisTitle, isMeasured } from '../metrics/rates.js';
import { downsample } from './downsample.js';
import type { Panel } from './lines.js';
import { spanLayers, type TimeAxis } from './span-layers.js';
import { colour, colourRange, config, inOrder, ticks } from './style.js';
import { scaleFor } from './units.js';

/** A Vega-Lite specification. */
export type Spec = Readonly<Record<string, unknown>>;

/** Points in one plot: more are only slower and a burden for the notebook's file. */
const mostPoints = 2000;
const width = 600;
/** With so few points each gets a dot. */
export const sparse = 60;

/** Panels over one time axis, with a colour for each name and the cells' spans behind the lines. */
export function metricsSpec(panels: readonly Panel[], time: TimeAxis, title?: string): Spec {
  const lines = panels.flatMap(panel => panel.lines);
  const names = inOrder(new Set(lines.map(line => line.name).filter(Boolean)));
  const budget = Math.max(12, Math.floor(mostPoints / Math.max(1, lines.length)));
  return {
    $schema: vegaLiteSchema,
    ...(title ? { title } : {}),
    config,
    spacing: 14,
    resolve: { scale: { color: 'shared', strokeDash: 'shared', shape: 'shared' } },
    vconcat: panels.map((panel, index) => ({
      width,
      height: panels.length > 2 ? 120 : 150,
      layer: [
        ...spanLayers(time, width, index === 0),
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
  // Less than one percent or byte is nothing that an axis should be made for; a user's own metric may be as small as it likes.
  const greatest = Math.max(0, ...values.map(Math.abs)) / divisor;
  const idle = greatest === 0 || (greatest < 1 && isMeasured(panel.metric));
  const name = axisTitle(panel.metric) ?? [panel.metric, unit ? `(${unit})` : ''].filter(Boolean).join(' ');
  const y = {
    field: 'v',
    type: 'quantitative',
    title: name,
    ...(idle ? { scale: { domain: [0, 1] } } : {}),
    axis: { minExtent: 38, titleLimit: 200, ...ticks(idle ? [0] : [0, ...data.map(row => row.v)], 4) },
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
