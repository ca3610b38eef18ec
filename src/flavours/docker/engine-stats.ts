import type { Counters } from '../../metrics/counters.js';
import type { Engine } from './engine/engine.js';

/** What we read of `GET /containers/{id}/stats`. */
interface Stats {
  /** Of a container that does not run: in the year 1. */
  read: string;
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }> | null;
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
  if (!stats || stats.read.startsWith('0001-')) return undefined;
  const { cpu_stats: cpu, memory_stats: memory, networks, blkio_stats: disk } = stats;
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const io = (name: string) =>
    sum(
      (disk.io_service_bytes_recursive ?? [])
        .filter(({ op }) => op.toLowerCase() === name)
        .map(({ value }) => value),
    );
  const found: Partial<Counters> = {};
  const absent: Record<string, string> = {};
  if (memory.usage === undefined) {
    // Without cgroups of its own (rootless) the engine has no figures, and writes 0 for the processor, too.
    absent.memory = absent.cpu = 'the engine counts no resources of containers here';
  } else {
    found.cpuSeconds = cpu.cpu_usage.total_usage / 1e9;
    found.memoryBytes =
      memory.usage - (memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0);
  }
  if (networks && Object.keys(networks).length > 0) {
    found.receivedBytes = sum(Object.values(networks).map(({ rx_bytes }) => rx_bytes));
    found.sentBytes = sum(Object.values(networks).map(({ tx_bytes }) => tx_bytes));
  } else absent.network = 'the container has no network of its own';
  // No list: it counts none here, or there was nothing to count yet. It does not say which.
  if (disk.io_service_bytes_recursive === null)
    absent.disk = 'the engine has counted nothing that containers read or wrote';
  else Object.assign(found, { readBytes: io('read'), writtenBytes: io('write') });
  return { node, at: Date.now(), ...found, ...(Object.keys(absent).length > 0 ? { absent } : {}) };
}
