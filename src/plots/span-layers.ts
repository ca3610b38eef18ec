import type { Span } from '../metrics/spans.js';
import type { Spec } from './metrics-spec.js';

export interface TimeAxis {
  /** What happened at second 0: `In[4] began`. */
  origin: string;
  /** Seconds that the plot covers. */
  length: number;
  spans: readonly Stretch[];
}

type Stretch = Span & { fromSecond: number; toSecond: number };

/** A label above the plot: in the row that touches it or the one above, and which end of it is at second `at`. */
interface Label {
  span: Stretch;
  at: number;
  align: 'left' | 'right';
  row: number;
}

/** Colours of what a span shows. */
const inks = {
  cell: { area: '#8a93a6', text: '#5b6475' },
  net: { area: '#3b7dbd', text: '#3572ad' },
  fault: { area: '#c0392b', text: '#a5281b' },
};
const labelSize = 10;
/** A strip of full colour over each fault, so that it is seen as one also where cells lie under it. */
const strip = 4;

/**
 * Shaded stretches in which cells ran and faults lasted; the topmost panel (`width` pixels wide) carries their labels where
 * there is room, those of faults and of the longest first.
 */
export function spanLayers(time: TimeAxis, width: number, labelled: boolean): Spec[] {
  const kinds = ['cell', 'net', 'fault'] as const;
  const labels = labelled ? placed(time, width) : [];
  return kinds.flatMap(kind => {
    const of = time.spans.filter(span => span.kind === kind);
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
      ...(kind === 'fault'
        ? [
            { data, mark: rule, encoding: { x: { ...x, field: 'b' } } },
            {
              data,
              mark: { ...rect, opacity: 0.7 },
              encoding: { ...stretch, y: { value: 0 }, y2: { value: strip } },
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
  const importance = (span: Stretch) =>
    (span.kind === 'fault' ? length : 0) + span.toSecond - span.fromSecond;
  for (const span of spans.toSorted((one, other) => importance(other) - importance(one))) {
    const places = span.kind === 'fault' ? faultPlaces(span) : [beginningOf(span, 0)];
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

const faultPlaces = (span: Stretch): Label[] =>
  [0, 1].flatMap(row => [beginningOf(span, row), endOf(span, row)]);
