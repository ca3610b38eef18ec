import { sentence } from '../metrics/marks.js';
import type { Span } from '../metrics/spans.js';
import type { Spec } from './metrics-spec.js';
import { inOrder } from './style.js';

export interface TimeAxis {
  /** What happened at second 0: `In[4] began`. */
  origin: string;
  /** Seconds that the plot covers. */
  length: number;
  spans: readonly Stretch[];
}

type Stretch = Span & { fromSecond: number; toSecond: number };

/** A label above the plot: in which row, the one that touches it being 0, and which end of it is at second `at`. */
interface Label {
  span: Stretch;
  at: number;
  align: 'left' | 'right';
  row: number;
}

/** Colours of what a span shows, readable on a white page and on a dark one. Only a fault has that of an alarm. */
const inks = {
  cell: { area: '#8a93a6', text: '#7d8799' },
  net: { area: '#3b7dbd', text: '#3f86c9' },
  fault: { area: '#c0392b', text: '#d9483b' },
};
const labelSize = 10;
/** Rows of labels: many faults at a time take many. */
const mostRows = 6;
/** A strip of full colour over each fault, so that it is seen as one also where cells lie under it; half of it over other changes. */
const strip = 4;

/**
 * Shaded stretches in which cells ran and faults lasted; the topmost panel (`width` pixels wide) carries their labels where
 * there is room, those of faults and of the longest first.
 */
export function spanLayers(time: TimeAxis, width: number, labelled: boolean): Spec[] {
  const kinds = ['cell', 'net', 'fault'] as const;
  const spans = together(time.spans);
  const labels = labelled ? placed({ ...time, spans }, width) : [];
  return kinds.flatMap(kind => {
    const of = spans.filter(span => span.kind === kind);
    if (of.length === 0) return [];
    const data = {
      values: of.map(span => ({ a: span.fromSecond, b: span.toSecond, [kind]: span.label })),
    };
    const x = { field: 'a', type: 'quantitative', scale: { domain: [0, time.length], nice: false } };
    const stretch = { x, x2: { field: 'b' } };
    const { area } = inks[kind];
    const rect = { type: 'rect', color: area, tooltip: { content: 'data' } };
    const rule = { type: 'rule', color: area, opacity: 0.6, strokeWidth: 0.7 };
    return [
      { data, mark: { ...rect, opacity: 0.13 }, encoding: stretch },
      { data, mark: rule, encoding: { x } },
      ...(kind !== 'cell'
        ? [
            { data, mark: rule, encoding: { x: { ...x, field: 'b' } } },
            {
              data,
              mark: { ...rect, opacity: 0.7 },
              encoding: { ...stretch, y: { value: 0 }, y2: { value: kind === 'fault' ? strip : strip / 2 } },
            },
          ]
        : []),
      ...labels.filter(({ span }) => span.kind === kind).map(label => labelLayer(label, x)),
    ];
  });
}

const labelLayer = ({ span: { kind, label }, at, align, row }: Label, x: object): Spec => ({
  data: { values: [{ a: at, [kind]: label }] },
  mark: {
    type: 'text',
    align,
    baseline: 'bottom',
    dx: align === 'left' ? 1 : -1,
    dy: -3 - row * (labelSize + 2),
    fontSize: labelSize,
    color: inks[kind].text,
  },
  encoding: { x, y: { value: 0 }, text: { field: kind } },
});

/** Nodes to which the same was done at the same time share a stretch and a sentence. */
export function together(spans: readonly Stretch[]): Stretch[] {
  const near = (one: number, other: number) => Math.abs(one - other) < 1;
  const found: Stretch[] = [];
  for (const span of spans) {
    const { mark } = span;
    const same = found.findIndex(
      one =>
        mark !== undefined &&
        mark.what !== 'cut' &&
        one.mark?.what === mark.what &&
        one.mark.detail === mark.detail &&
        near(one.fromSecond, span.fromSecond) &&
        near(one.toSecond, span.toSecond),
    );
    if (same < 0) found.push(span);
    else {
      const one = found[same]!;
      const both = { ...mark!, nodes: inOrder(new Set([...one.mark!.nodes, ...mark!.nodes])) };
      const [fromSecond, toSecond] = [
        Math.min(one.fromSecond, span.fromSecond),
        Math.max(one.toSecond, span.toSecond),
      ];
      found[same] = { ...one, mark: both, label: sentence(both), fromSecond, toSecond };
    }
  }
  return found;
}

/** Labels that do not run into each other or out of the plot. A fault has more places to choose from than a cell. */
function placed({ spans, length }: TimeAxis, width: number): Label[] {
  const second = length / width;
  const found: Label[] = [];
  const extent = ({ span, at, align }: Label): [number, number] => {
    const wide = second * (span.label.length * labelSize * 0.55 + 10);
    return align === 'left' ? [at, at + wide] : [at - wide, at];
  };
  const free = (label: Label) => {
    const [from, to] = extent(label);
    if (from < -second * 10 || to > length + second * 10) return false;
    return found
      .filter(({ row }) => row === label.row)
      .map(extent)
      .every(other => from >= other[1] || to <= other[0]);
  };
  const rank = { cell: 0, net: 1, fault: 2 };
  const importance = (span: Stretch) => rank[span.kind] * length + span.toSecond - span.fromSecond;
  for (const span of spans.toSorted((one, other) => importance(other) - importance(one))) {
    const places = span.kind === 'cell' ? [beginningOf(span, 0)] : placesOf(span);
    const label = places.find(free);
    if (label) found.push(label);
  }
  return found;
}

const beginningOf = (span: Stretch, row: number): Label => ({
  span,
  at: span.fromSecond,
  align: 'left',
  row,
});
const endOf = (span: Stretch, row: number): Label => ({ span, at: span.toSecond, align: 'right', row });

const placesOf = (span: Stretch): Label[] =>
  Array.from({ length: mostRows }, (_, row) => row).flatMap(row => [
    beginningOf(span, row),
    endOf(span, row),
  ]);
