import { readFileSync } from 'node:fs';
import type { CounterSource, Counters } from '../../metrics/counters.js';
import {
  childrenOf,
  descendantsOf,
  type ProcessStat,
  readAllStats,
  ticksPerSecond,
} from '../../process/proc.js';
import { trafficOf } from '../../process/traffic.js';
import { initsOf } from './inits.js';
import type { LocalRuntime } from './runtime.js';

/** Linux on x86-64 and on most arm64 machines; `getconf PAGESIZE` would cost a process. */
const pageSize = 4096;

/** Reads all nodes in one pass over /proc of this machine; nothing runs on the nodes for it. */
export class LocalCounters implements CounterSource {
  private disks = new Map<number, DiskUse>();

  constructor(private readonly runtime: LocalRuntime) {}

  async read(): Promise<Counters[]> {
    const at = Date.now();
    const stats = readAllStats();
    const children = childrenOf(stats);
    const disks = new Map<number, DiskUse>();
    const counters = [...initsOf(this.runtime, stats, children)].map(([node, init]) => {
      const all = [init, ...descendantsOf(children, init.pid)];
      for (const stat of all) disks.set(stat.pid, this.diskUse(stat));
      return {
        node,
        at,
        cpuSeconds: sum(all, stat => stat.cpuTicks) / ticksPerSecond,
        memoryBytes: sum(all, stat => stat.residentPages) * pageSize,
        ...trafficOf(init.pid),
        readBytes: sum(all, stat => disks.get(stat.pid)!.readBytes),
        writtenBytes: sum(all, stat => disks.get(stat.pid)!.writtenBytes),
      };
    });
    this.disks = disks;
    return counters;
  }

  /** Most processes sleep: one that has used no CPU since the last reading has used no disk either, and is not read again. */
  private diskUse({ pid, start, cpuTicks }: ProcessStat): DiskUse {
    const last = this.disks.get(pid);
    if (last?.start === start && last.cpuTicks === cpuTicks) return last;
    return { start, cpuTicks, ...readDiskUse(pid) };
  }
}

/** Bytes that came from and went to a disk; what a node keeps in memory, all of its own root, is not among them. */
interface DiskUse {
  start: number;
  cpuTicks: number;
  readBytes: number;
  writtenBytes: number;
}

function readDiskUse(pid: number): { readBytes: number; writtenBytes: number } {
  const fields = new Map(lines(`/proc/${pid}/io`).map(line => line.split(': ') as [string, string]));
  return {
    readBytes: Number(fields.get('read_bytes') ?? 0),
    writtenBytes: Number(fields.get('write_bytes') ?? 0),
  };
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n');
  } catch {
    return [];
  }
}
