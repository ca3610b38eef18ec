import type { Counters } from '../../metrics/counters.js';
import type { Engine } from './engine/engine.js';

/** What we read of `GET /containers/{id}/stats`. */
interface Stats {
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
  blkio_stats: { io_service_bytes_recursive: Array<{ op: string; value: number }> | null };
}

/** Counters of a container as the engine tells them; undefined when it does not run. */
export async function readStats(
  engine: Engine,
  path: string,
  node: string,
  signal?: AbortSignal,
): Promise<Counters | undefined> {
  const stats = await engine.find<Stats>(path, {
    query: { stream: false, 'one-shot': true },
    ...(signal ? { signal } : {}),
  });
  if (stats?.memory_stats.usage === undefined) return undefined;
  const { memory_stats: memory, networks = {}, blkio_stats: disk } = stats;
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const io = (name: string) =>
    sum(
      (disk.io_service_bytes_recursive ?? [])
        .filter(({ op }) => op.toLowerCase() === name)
        .map(({ value }) => value),
    );
  return {
    node,
    at: Date.now(),
    cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
    memoryBytes:
      stats.memory_stats.usage - (memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0),
    receivedBytes: sum(Object.values(networks).map(({ rx_bytes }) => rx_bytes)),
    sentBytes: sum(Object.values(networks).map(({ tx_bytes }) => tx_bytes)),
    readBytes: io('read'),
    writtenBytes: io('write'),
  };
}
