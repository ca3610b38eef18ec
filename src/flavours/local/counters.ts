import { readFileSync } from 'node:fs';
import type { CounterSource, Counters } from '../../metrics/counters.js';
import {
  childrenOf,
  descendantsOf,
  type ProcessId,
  readAllStats,
  ticksPerSecond,
} from '../../process/proc.js';

/** Linux on x86-64 and on most arm64 machines; `getconf PAGESIZE` would cost a process. */
const pageSize = 4096;

/** Reads all nodes in one pass over /proc of this machine; nothing runs on the nodes for it. */
export class LocalCounters implements CounterSource {
  constructor(private readonly inits: Readonly<Record<string, ProcessId>>) {}

  async read(): Promise<Counters[]> {
    const at = Date.now();
    const stats = readAllStats();
    const byPid = new Map(stats.map(stat => [stat.pid, stat]));
    const children = childrenOf(stats);
    return Object.entries(this.inits).flatMap(([node, init]) => {
      const found = byPid.get(init.pid);
      if (found?.start !== init.start) return [];
      const all = [found, ...descendantsOf(children, init.pid)];
      return [
        {
          node,
          at,
          cpuSeconds: sum(all, stat => stat.cpuTicks) / ticksPerSecond,
          memoryBytes: sum(all, stat => stat.residentPages) * pageSize,
          ...traffic(init.pid),
          ...disk(all.map(stat => stat.pid)),
        },
      ];
    });
  }
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

/** Columns of /proc/<pid>/net/dev: name, 8 for received (bytes first), 8 for sent. */
function traffic(pid: number): Pick<Counters, 'receivedBytes' | 'sentBytes'> {
  const links = lines(`/proc/${pid}/net/dev`)
    .slice(2)
    .map(line => line.trim().split(/[\s:]+/))
    .filter(([name]) => name && name !== 'lo');
  return {
    receivedBytes: sum(links, fields => Number(fields[1])),
    sentBytes: sum(links, fields => Number(fields[9])),
  };
}

/** Bytes that went to and came from a disk; what a node keeps in memory (all of its own root) is not among them. */
function disk(pids: readonly number[]): Pick<Counters, 'readBytes' | 'writtenBytes'> {
  const total = { readBytes: 0, writtenBytes: 0 };
  for (const pid of pids) {
    for (const line of lines(`/proc/${pid}/io`)) {
      const [name, value] = line.split(': ');
      if (name === 'read_bytes') total.readBytes += Number(value);
      if (name === 'write_bytes') total.writtenBytes += Number(value);
    }
  }
  return total;
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n');
  } catch {
    return [];
  }
}
