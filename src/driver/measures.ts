import type { Display } from '../display/display.js';
import type { Row } from '../display/table.js';
import type { MetricQuery, Metrics } from '../metrics/metrics.js';
import { type MetricsPlotOptions, plotMetrics, plotRows } from '../plots/plot.js';
import type { RowsOptions } from '../plots/rows-spec.js';
import type { RpcCall } from '../rpc.js';

export type Handler = (params: Record<string, unknown>, call: RpcCall) => Promise<unknown>;

/** The calls about what is measured: `metrics.record`, `metrics.series`, `metrics.latest` and `plot`. */
export function measures(from: {
  metrics(): Metrics;
  display(call: RpcCall): Display;
}): Record<string, Handler> {
  return {
    'metrics.record': async ({ name, value, node, unit }) =>
      from
        .metrics()
        .record(String(name), value as number, { node, unit } as { node?: string; unit?: string }),
    'metrics.series': async query =>
      from
        .metrics()
        .rows(query as MetricQuery)
        .filter(row => !Number.isNaN(row.value)),
    'metrics.latest': async query => from.metrics().latest(query as MetricQuery),
    plot: async ({ what, options }, call) => {
      const rows = Array.isArray(what) && typeof what[0] !== 'string';
      const plot = rows
        ? plotRows(what as Row[], options as RowsOptions)
        : plotMetrics(from.metrics(), { ...(options as MetricsPlotOptions), names: what as string[] });
      from.display(call).show(plot);
      // So that what the cell writes after `await plot(…)` comes after it.
      await plot.toMimeBundle();
    },
  };
}
