import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NxcError } from '../../errors.js';
import {
  childrenOf,
  descendantsOf,
  type ProcessId,
  type ProcessStat,
  readAllStats,
} from '../../process/proc.js';
import type { Isolation } from './isolation.js';
import type { RunFolder } from './run-folder.js';

/** A variable with the run, which every process of a deployment has in its environment, wherever it went. */
export const marker = 'NXC_DEPLOYMENT';

/** The processes of a deployment, found by what they are and not by numbers that may be out of date. */
export function processesOf(folder: RunFolder): ProcessStat[] {
  const stats = readAllStats();
  const children = childrenOf(stats);
  const roots = stats.filter(({ pid }) => words(pid, 'environ').includes(`${marker}=${folder.run}`));
  const found = new Map<number, ProcessStat>();
  for (const root of roots) {
    for (const stat of [root, ...descendantsOf(children, root.pid)])
      if (stat.state !== 'Z') found.set(stat.pid, stat);
  }
  found.delete(process.pid);
  return [...found.values()];
}

/** Milliseconds in which killed processes must be gone; a disk that does not answer holds them back. */
const killLimit = 10_000;

/** Kills everything of a deployment and resolves when the kernel has taken it away. */
export async function killAll(folder: RunFolder): Promise<void> {
  const limit = Date.now() + killLimit;
  let pause = 2;
  for (let found = processesOf(folder); found.length > 0; found = processesOf(folder)) {
    if (Date.now() > limit) throw stuck(folder, found);
    for (const { pid } of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself, or with its PID 1.
      }
    }
    await sleep(pause);
    pause = Math.min(2 * pause, 200);
  }
}

function stuck({ run }: RunFolder, found: readonly ProcessStat[]): NxcError {
  const pids = found.map(({ pid, state }) => `${pid} (state ${state})`);
  return new NxcError({
    asked: `processes of deployment ${run} were killed but do not end`,
    found: `${pids.slice(0, 10).join(', ')}${pids.length > 10 ? ` and ${pids.length - 10} more` : ''}`,
    todo: 'state D waits for a disk or a network file system; when it answers, or after a reboot, stop again',
  });
}

/** The init of every node, by name. `spawned` is the process that `launch` told of. */
export function initsOf(spawned: number, isolation: Isolation): Record<string, ProcessId> {
  const children = childrenOf(readAllStats());
  const below = (pids: number[]): number[] =>
    pids.flatMap(pid => (children.get(pid) ?? []).map(child => child.pid));
  // unshare → launcher → unshare → init; without namespaces launcher → init.
  const inits = isolation === 'plain' ? below([spawned]) : below(below(below([spawned])));
  const starts = new Map([...children.values()].flat().map(({ pid, start }) => [pid, start]));
  return Object.fromEntries(
    inits.map(pid => [words(pid, 'cmdline')[2] ?? '', { pid, start: starts.get(pid)! }]),
  );
}

function words(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
