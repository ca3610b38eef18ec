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
import type { DeploymentRecord } from '../record.js';
import { initsOf } from './inits.js';
import { type LocalRuntime, runtimeOf } from './runtime.js';

/** Linux on x86-64 and on most arm64 machines; `getconf PAGESIZE` would cost a process. */
const pageSize = 4096;

export const counters = (record: DeploymentRecord): CounterSource => new LocalCounters(runtimeOf(record));

/**
 * Nodes with a root of their own keep their files in memory. Plain processes write to this machine's disks, and share its network,
 * where nobody counts whose bytes they are.
 */
const absent = {
  namespaces: { disk: 'files of a local node are in memory' },
  plain: { network: "nodes are plain processes on this machine's own network" },
};

/** Reads all nodes in one pass over /proc of this machine; nothing runs on the nodes for it. */
class LocalCounters implements CounterSource {
  private readonly disks = new Map<number, DiskUse>();

  constructor(private readonly runtime: LocalRuntime) {}

  async read(): Promise<Counters[]> {
    const at = Date.now();
    const stats = readAllStats();
    const children = childrenOf(stats);
    const plain = this.runtime.isolation === 'plain';
    const counters = [...initsOf(this.runtime, pid => children.get(pid) ?? [])].map(([node, init]) => {
      const all = [init, ...descendantsOf(children, init.pid)];
      return {
        node,
        at,
        cpuSeconds: sum(all, stat => stat.cpuTicks) / ticksPerSecond,
        memoryBytes: sum(all, stat => stat.residentPages) * pageSize,
        ...(plain ? this.ofPlain(all) : { ...trafficOf(init.pid), absent: absent.namespaces }),
      };
    });
    const alive = new Set(stats.map(({ pid }) => pid));
    for (const pid of this.disks.keys()) if (!alive.has(pid)) this.disks.delete(pid);
    return counters;
  }

  /** What processes did that were waited for counts for their parents. When one of them cannot be read the sum would be too small. */
  private ofPlain(all: readonly ProcessStat[]): Omit<Counters, 'node' | 'at'> {
    const uses = all.map(stat => this.diskUse(stat));
    if (!uses.every(use => use !== undefined))
      return { absent: { ...absent.plain, disk: "this user may not read what the node's processes use" } };
    return {
      readBytes: sum(uses, use => use.readBytes),
      writtenBytes: sum(uses, use => use.writtenBytes),
      absent: absent.plain,
    };
  }

  /** Most processes sleep: one that has used no CPU since the last reading has used no disk either, and is not read again. */
  private diskUse({ pid, start, cpuTicks }: ProcessStat): DiskUse | undefined {
    const last = this.disks.get(pid);
    if (last?.start === start && last.cpuTicks === cpuTicks) return last;
    const read = readDiskUse(pid);
    const use = read && { start, cpuTicks, ...read };
    if (use) this.disks.set(pid, use);
    return use;
  }
}

/** Bytes that came from and went to a disk. */
interface DiskUse {
  start: number;
  cpuTicks: number;
  readBytes: number;
  writtenBytes: number;
}

function readDiskUse(pid: number): { readBytes: number; writtenBytes: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'latin1');
    const [, read] = /^read_bytes: (\d+)$/m.exec(text)!;
    const [, written] = /^write_bytes: (\d+)$/m.exec(text)!;
    return { readBytes: Number(read), writtenBytes: Number(written) };
  } catch (error) {
    // Ended meanwhile: whoever waited for it has its bytes.
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? { readBytes: 0, writtenBytes: 0 } : undefined;
  }
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
