import type { Display } from '../display/display.js';
import type { MetricQuery, Metrics } from '../metrics/metrics.js';
import { poll } from './poll.js';

/** A reading a second, and two make a rate: so long, on a machine that is busy, until there is something to show. */
const firstPointMs = 15_000;

/** Waits for the first point of what a deployment is measured by, and says so; reports what is absent. */
export async function firstPoint(
  metrics: Metrics,
  query: MetricQuery,
  { display, signal }: { display: Display; signal: AbortSignal },
): Promise<void> {
  const isThere = () => metrics.select(query).series.length > 0;
  if (metrics.isFollowing && !isThere()) {
    let told = false;
    const look = async () => {
      if (isThere() || metrics.problem !== undefined) return true;
      if (!told) display.write('waiting for the first values (interrupt to give up)\n', 'stderr');
      told = true;
      return undefined;
    };
    await poll(look, { timeoutMs: firstPointMs, slowestMs: 100, signal });
  }
  for (const notice of metrics.notices(query.names)) display.write(`${notice}\n`, 'stderr');
}
