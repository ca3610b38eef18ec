import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeOutput } from '../atomic-write.js';
import { Table } from '../display/table.js';
import { firstPoint } from '../driver/first-point.js';
import { groupBy } from '../group-by.js';
import { toCsv, toJson, toJsonLines } from '../metrics/export.js';
import type { MetricQuery, MetricRow } from '../metrics/metrics.js';
import { spread } from '../plots/spread.js';
import { formatValue } from '../plots/units.js';
import { writeError } from '../write-error.js';
import type { Command } from './command.js';
import { completeMetrics, follow } from './plot.js';
import { UsageError } from './usage-error.js';

interface MetricsOptions {
  nodes?: string;
  since?: string;
  output?: string;
}

export const metrics: Command<MetricsOptions> = {
  name: 'metrics',
  summary: 'show or export what was measured of the nodes',
  examples: ['metrics', 'metrics cpu --nodes @client', 'metrics -o run.csv'],
  configure(program) {
    program
      .argument('[metrics...]', 'metrics: cpu, memory, network, disk, recorded ones; default all')
      .option('--nodes <target>', 'nodes: names, @role, globs, comma lists')
      .option('--since <when>', 'a cell (In[4]), a duration (30s) or an ISO time; default the start')
      .option(
        '-o, --output <file>',
        'write every point to this file: .csv, .json (an array) or .jsonl (an object a line)',
      );
  },
  complete: completeMetrics,
  async run(names, { output, ...options }, context) {
    const { display, workspace, manager } = context;
    const collected = await follow(context);
    // What was measured of a deployment stays when that was stopped.
    if (!collected.isFollowing && collected.select({}).series.length === 0)
      await manager.require(workspace.cwd);
    const query: MetricQuery = { ...options, ...(names.length > 0 ? { names } : {}) };
    await firstPoint(collected, query, context);
    const rows = collected.rows(query).filter(row => output !== undefined || !Number.isNaN(row.value));
    if (rows.length === 0) throw collected.nothingYet(query);
    if (output === undefined) {
      display.show(new Table(figures(rows), { limit: 400 }));
      return 0;
    }
    const file = resolve(workspace.cwd, output);
    const text = format(file)(rows);
    // A folder that is missing is a mistyped one.
    await access(dirname(file)).catch(error => {
      throw writeError(`cannot write ${file}`, error);
    });
    await writeOutput(file, text);
    display.write(`${rows.length} points written to ${file}\n`);
    return 0;
  },
};

function format(file: string): (rows: readonly MetricRow[]) => string {
  if (file.endsWith('.csv')) return toCsv;
  if (file.endsWith('.json')) return toJson;
  if (file.endsWith('.jsonl')) return toJsonLines;
  throw new UsageError({
    asked: `cannot tell the format of ${file}`,
    todo: 'end its name in .csv, .json or .jsonl',
  });
}

/** A row for each series: its newest, least, mean and greatest value. */
function figures(rows: readonly MetricRow[]) {
  const series = groupBy(rows, ({ metric, node }) => `${metric} ${node}`);
  return [...series.values()].map(points => {
    const { metric, node, unit } = points[0]!;
    const { min, mean, max } = spread(points.map(point => point.value));
    const written = (value: number) => formatValue(value, unit);
    return {
      metric,
      node,
      now: written(points.at(-1)!.value),
      min: written(min),
      mean: written(mean),
      max: written(max),
    };
  });
}
