import { aborted } from '../aborted.js';
import type { Display } from '../display/display.js';
import { firstPoint } from '../driver/first-point.js';
import { NxcError } from '../errors.js';
import { type Metrics, metricsOf } from '../metrics/metrics.js';
import type { Per } from '../plots/lines.js';
import { type MetricsPlotOptions, plotMetrics } from '../plots/plot.js';
import type { Command, CommandContext, CompletionRequest } from './command.js';
import { inList } from './complete-targets.js';
import { UsageError } from './usage-error.js';

interface PlotCommandOptions {
  nodes?: string;
  per?: Per;
  since?: string;
  title?: string;
  live?: boolean;
}

const refreshMs = 1000;

const pers: readonly Per[] = ['node', 'role'];

function perOption(text: string): Per {
  const per = pers.find(one => one === text);
  if (per) return per;
  throw new UsageError({ asked: `there is no --per ${text}`, todo: 'write --per node or --per role' });
}

export const plot: Command<PlotCommandOptions> = {
  name: 'plot',
  summary: 'plot CPU, memory, network, disk and recorded metrics over time',
  examples: ['plot', 'plot cpu,network --nodes @client --since 2m', 'plot cpu --per role --live'],
  configure(program) {
    program
      .argument('[metrics...]', 'metrics: cpu, memory, network, disk, recorded ones; default cpu and network')
      .option('--nodes <target>', 'nodes: names, @role, globs, comma lists')
      .option('--per <what>', 'a line for each node, or each role (mean and range)', perOption)
      .option('--since <when>', 'a cell (In[4]), a duration (30s) or an ISO time; default the start')
      .option('--title <text>', 'title of the plot')
      .option('--live', 'go on drawing while the deployment runs');
  },
  complete: completeMetrics,
  async run(names, { live, ...options }, context) {
    const metrics = await follow(context);
    const request = { ...options, names: names.length > 0 ? names : ['cpu', 'network'] };
    if (context.front === 'terminal') await context.manager.require(context.workspace.cwd);
    if (!context.signal.aborted) await firstPoint(metrics, request, context);
    if (live && context.front === 'terminal') return watch(metrics, request, context);
    if (!live) context.display.show(plotMetrics(metrics, request));
    else drawInBackground(metrics, request, context);
    return 0;
  },
};

/** Metric names for the arguments, labels of cells for `--since`. */
export function completeMetrics({ option, word, context }: CompletionRequest): string[] {
  const metrics = metricsOf(context.manager);
  if (option === '--since') return metrics.spans.labels();
  if (option === '--per') return [...pers];
  if (option !== undefined) return [];
  const names = metrics.names();
  return inList(word, [...new Set([...names.map(name => name.split('.')[0]!), ...names])]);
}

/** The metrics of the current deployment, as far as they were measured. */
export async function follow({
  manager,
  workspace,
}: Pick<CommandContext, 'manager' | 'workspace'>): Promise<Metrics> {
  const metrics = metricsOf(manager);
  metrics.follow(await manager.current(workspace.cwd));
  return metrics;
}

async function watch(
  metrics: Metrics,
  request: MetricsPlotOptions,
  context: CommandContext,
): Promise<number> {
  const stop = draw(metrics, request, context.display, true);
  await aborted(context.signal);
  stop();
  return 0;
}

/** The cell ends at once and its plot goes on until the deployment changes; then the final picture stays. */
function drawInBackground(
  metrics: Metrics,
  request: MetricsPlotOptions,
  { display, manager }: CommandContext,
): void {
  const stop = draw(metrics, request, display, false);
  const unsubscribe = manager.onChange(() => {
    unsubscribe();
    stop();
  });
}

/** Draws now and every second until the function it gives is called. */
function draw(
  metrics: Metrics,
  request: MetricsPlotOptions,
  display: Display,
  keepAlive: boolean,
): () => void {
  const shown = display.show(plotMetrics(metrics, request, true));
  const update = (live: boolean) => {
    try {
      shown.update(plotMetrics(metrics, request, live));
    } catch (error) {
      // What can be said of a plot was said at the first drawing; now the picture stays as it is.
      if (!(error instanceof NxcError)) throw error;
    }
  };
  const timer = setInterval(update, refreshMs, true);
  if (!keepAlive) timer.unref();
  return () => {
    clearInterval(timer);
    update(false);
  };
}
