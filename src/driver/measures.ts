import type { Display } from '../display/display.js';
import type { MetricQuery, Metrics } from '../metrics/metrics.js';
import { checkOwnName } from '../metrics/own-name.js';
import { type MetricsPlotOptions, plotMetrics, plotRows } from '../plots/plot.js';
import type { RowsOptions } from '../plots/rows-spec.js';
import type { RpcCall } from '../rpc.js';
import { CallError } from './calls.js';
import { nodeCalled } from './driver.js';
import { firstPoint } from './first-point.js';
import { checkOptions } from './known-options.js';
import type { Params } from './params.js';
import { shown } from './shown.js';

export type Handler = (params: Params, call: RpcCall) => Promise<unknown>;

const ofRows: ReadonlyArray<keyof RowsOptions> = ['x', 'y', 'color', 'mark', 'title'];
const ofPoints = ['node', 'unit', 'at'];
const ofMetrics: ReadonlyArray<keyof MetricQuery> = ['nodes', 'since'];

function names(what: unknown): string[] {
  if (Array.isArray(what) && what.every(one => typeof one === 'string')) return what;
  throw new CallError({
    asked: 'plot needs names of metrics, or rows',
    found: shown(what),
    todo: "write plot('cpu'), plot(['cpu', 'network']), or plot(rows, { x: 'load', y: 'ms' }) with an array of objects",
  });
}

/** The calls about what is measured: `metrics.record`, `metrics.series`, `metrics.latest` and `plot`. */
export function measures(from: {
  metrics(): Metrics;
  display(call: RpcCall): Display;
}): Record<string, Handler> {
  /** What was asked for and cannot be in the answer. Who asks for all knows what there is from the answer. */
  const report = ({ names: asked }: MetricQuery, call: RpcCall) => {
    if (asked === undefined) return;
    for (const notice of from.metrics().notices(asked)) from.display(call).write(`${notice}\n`, 'stderr');
  };
  return {
    'metrics.record': async params => {
      checkOptions('metrics.record', params.all, ['name', 'value', ...ofPoints]);
      const [name, named] = [params.text('name'), params.optionalText('node')];
      const [unit, at] = [params.optionalText('unit'), params.optionalNumber('at')];
      checkOwnName(name);
      const node = named === undefined ? undefined : nodeCalled(from.metrics().nodes, named).name;
      from.metrics().record(name, params.number('value'), {
        ...(node === undefined ? {} : { node }),
        ...(unit === undefined ? {} : { unit }),
        ...(at === undefined ? {} : { at }),
      });
    },
    'metrics.series': async (query, call) => {
      checkOptions('metrics.series', query.all, ['names', ...ofMetrics]);
      report(query.all as MetricQuery, call);
      return from
        .metrics()
        .rows(query.all as MetricQuery)
        .filter(row => !Number.isNaN(row.value));
    },
    'metrics.latest': async (query, call) => {
      checkOptions('metrics.latest', query.all, ['names', ...ofMetrics]);
      report(query.all as MetricQuery, call);
      return from.metrics().latest(query.all as MetricQuery);
    },
    plot: async (params, call) => {
      const { what, rows } = params.all;
      const options = params.optionalObject('options') ?? {};
      checkOptions(
        rows ? 'plot of rows' : 'plot of metrics',
        options,
        rows ? ofRows : [...ofMetrics, 'per', 'title'],
      );
      const query = rows
        ? undefined
        : { ...(options as MetricsPlotOptions), names: typeof what === 'string' ? what : names(what) };
      if (query)
        await firstPoint(from.metrics(), query, { display: from.display(call), signal: call.signal });
      const plot = query
        ? plotMetrics(from.metrics(), query)
        : plotRows(params.objects('rows'), options as RowsOptions);
      from.display(call).show(plot);
      // So that what the cell writes after `await plot(…)` comes after it.
      await plot.toMimeBundle();
    },
  };
}
