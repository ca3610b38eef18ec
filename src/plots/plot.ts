/** Plots: what was measured, or rows of a table, as Vega-Lite for front-ends that draw, PNG for those that do not, and text. */
import type { MimeBundle, Renderable } from '../display/bundle.js';
import { type Row, Table } from '../display/table.js';
import { vegaLite } from '../display/vega-lite.js';
import type { MetricQuery, Metrics, Selection } from '../metrics/metrics.js';
import { mostNodes, type Panel, type Per, panelsOf } from './lines.js';
import { metricsSpec, type Spec } from './metrics-spec.js';
import { type RowsOptions, rowsSpec } from './rows-spec.js';
import { together } from './span-layers.js';
import { onPaper } from './style.js';
import { summary } from './summary.js';

export class Plot implements Renderable {
  #bundle: Promise<MimeBundle> | undefined;

  constructor(
    readonly spec: Spec,
    private readonly text: (columns: number, colour: boolean) => string,
    /** It will soon be replaced: no picture is drawn for it. */
    readonly live = false,
  ) {}

  /** The picture is drawn once, however often it is asked for. */
  toMimeBundle(): Promise<MimeBundle> {
    this.#bundle ??= this.#draw();
    return this.#bundle;
  }

  async #draw(): Promise<MimeBundle> {
    const bundle: MimeBundle = { 'text/plain': this.text(100, false), [vegaLite]: this.spec };
    if (this.live) return bundle;
    const { toPng } = await import('./png.js');
    return { ...bundle, 'image/png': (await toPng(onPaper(this.spec))).toString('base64') };
  }

  toTerminal(columns: number): string {
    return this.text(columns, true);
  }
}

export interface MetricsPlotOptions extends MetricQuery {
  /** A line a node, or the mean and range of each role; roles when there are more than 20 nodes. */
  per?: Per;
  title?: string;
}

/** Metrics over time, a panel each. A MetricError when there is nothing yet. */
export function plotMetrics(
  metrics: Metrics,
  { per, title, ...query }: MetricsPlotOptions,
  live = false,
): Plot {
  const selection = metrics.select(query);
  const nodes = new Set(selection.series.map(({ series }) => series.node));
  const panels: Panel[] = panelsOf(selection, per ?? (nodes.size > mostNodes ? 'role' : 'node'));
  if (panels.length === 0 && !live) throw metrics.nothingYet(query);
  const seconds = (at: number) => (at - selection.from) / 1000;
  const length = Math.max(1, lastPoint(panels) ?? 1, seconds(lastMark(selection)));
  const spans = selection.spans
    .map(span => ({
      ...span,
      fromSecond: Math.max(0, seconds(span.from)),
      toSecond: Math.min(length, seconds(span.to ?? selection.to)),
    }))
    // A cell that took no time to speak of explains nothing in the plot.
    .filter(
      ({ kind, fromSecond, toSecond }) =>
        toSecond - fromSecond >= (kind === 'cell' ? Math.max(0.3, length / 200) : 0),
    );
  const spec = metricsSpec(panels, { origin: selection.origin, length, spans }, title);
  return new Plot(
    spec,
    (columns, colour) =>
      summary(panels, {
        columns,
        colour,
        ...(title ? { title } : {}),
        origin: selection.origin,
        to: length,
        events: together(spans.filter(({ kind }) => kind !== 'cell')),
      }),
    live,
  );
}

/** What lasts is drawn as far as the next sample will come. */
const SAMPLE_MS = 1000;

/** When the newest fault or change of the network ended, or that it lasts was known last: there may be no sample since. */
function lastMark({ spans, from: start, to: now }: Selection): number {
  const marks = spans.filter(({ kind }) => kind !== 'cell');
  return Math.max(start, ...marks.map(({ from, to }) => to ?? Math.min(now, from + SAMPLE_MS)));
}

function lastPoint(panels: readonly Panel[]): number | undefined {
  const ends = panels.flatMap(panel => panel.lines.map(line => line.stretches.at(-1)?.at(-1)?.x ?? 0));
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** Rows of a table as a plot. */
export function plotRows(rows: readonly Row[], options: RowsOptions = {}): Plot {
  const title = options.title ? { title: options.title } : {};
  const table = new Table(rows, { limit: 20, asSuch: true, ...title });
  const { spec, notes } = rowsSpec(rows, options);
  return new Plot(spec, columns => [table.toTerminal(columns), ...notes].join('\n'));
}
