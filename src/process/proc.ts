/** This machine's processes: what /proc tells of them (here), their groups and users, the programs they run, and words quoted for a shell. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  pid: number;
  /** Clock ticks after boot at which it started: field 22 of /proc/<pid>/stat (proc(5)). */
  start: number;
}

export interface ProcessStat extends ProcessId {
  parent: number;
  /** Its process group. */
  group: number;
  state: string;
  /** Clock ticks used by it and by its children that were waited for. */
  cpuTicks: number;
  /** Pages in memory. */
  residentPages: number;
}

/** Linux shows clock ticks at 100 Hz on every architecture that Node runs on. */
export const ticksPerSecond = 100;

export function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses and may hold anything, parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (field: number): number => Number(fields[field - 3]);
  return {
    pid,
    state: fields[0]!,
    parent: number(4),
    group: number(5),
    cpuTicks: number(14) + number(15) + number(16) + number(17),
    start: number(22),
    residentPages: number(24),
  };
}

export function readAllStats(): ProcessStat[] {
  const stats: ProcessStat[] = [];
  for (const name of readdirSync('/proc')) {
    if (name[0]! < '1' || name[0]! > '9') continue;
    const stat = readStat(Number(name));
    if (stat) stats.push(stat);
  }
  return stats;
}

export function isAlive({ pid, start }: ProcessId): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.start === start && stat.state !== 'Z';
}

export function identify(pid: number): ProcessId | undefined {
  const stat = readStat(pid);
  return stat && { pid, start: stat.start };
}

/** Seconds since the process started. */
export function uptimeOf({ start }: ProcessId): number {
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) - start / ticksPerSecond;
}

/** Children of one process, which reads little where the kernel lists them (proc(5), children: of its first thread). */
export function readChildren(pid: number): ProcessStat[] {
  let listed: string;
  try {
    listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  } catch {
    return readAllStats().filter(({ parent }) => parent === pid);
  }
  return listed.split(' ').flatMap(child => (child === '' ? [] : (readStat(Number(child)) ?? [])));
}

/** Children by parent. */
export function childrenOf(stats: readonly ProcessStat[]): Map<number, ProcessStat[]> {
  const children = new Map<number, ProcessStat[]>();
  for (const stat of stats) {
    const siblings = children.get(stat.parent);
    if (siblings) siblings.push(stat);
    else children.set(stat.parent, [stat]);
  }
  return children;
}

/** Every process below `pid`, itself not. */
export function descendantsOf(children: ReadonlyMap<number, ProcessStat[]>, pid: number): ProcessStat[] {
  const found = [...(children.get(pid) ?? [])];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]!.pid) ?? []));
  return found;
}
