import type { Display } from '../display/display.js';
import type { Row } from '../display/table.js';
import type { MetricQuery, Metrics } from '../metrics/metrics.js';
import { type MetricsPlotOptions, plotMetrics, plotRows } from '../plots/plot.js';
import type { RowsOptions } from '../plots/rows-spec.js';
import type { RpcCall } from '../rpc.js';
import type { Params } from './params.js';

export type Handler = (params: Params, call: RpcCall) => Promise<unknown>;

/** The calls about what is measured: `metrics.record`, `metrics.series`, `metrics.latest` and `plot`. */
export function measures(from: {
  metrics(): Metrics;
  display(call: RpcCall): Display;
}): Record<string, Handler> {
  return {
    'metrics.record': async params => {
      const [node, unit] = [params.optionalText('node'), params.optionalText('unit')];
      const at = params.optionalNumber('at');
      from.metrics().record(params.text('name'), params.number('value'), {
        ...(node === undefined ? {} : { node }),
        ...(unit === undefined ? {} : { unit }),
        ...(at === undefined ? {} : { at }),
      });
    },
    'metrics.series': async query =>
      from
        .metrics()
        .rows(query.all as MetricQuery)
        .filter(row => !Number.isNaN(row.value)),
    'metrics.latest': async query => from.metrics().latest(query.all as MetricQuery),
    plot: async (params, call) => {
      const { what } = params.all;
      const options = params.optionalObject('options') ?? {};
      const rows = Array.isArray(what) && typeof what[0] !== 'string';
      const plot = rows
        ? plotRows(what as Row[], options as RowsOptions)
        : plotMetrics(from.metrics(), {
            ...(options as MetricsPlotOptions),
            names: typeof what === 'string' ? what : params.texts('what'),
          });
      from.display(call).show(plot);
      // So that what the cell writes after `await plot(…)` comes after it.
      await plot.toMimeBundle();
    },
  };
}
