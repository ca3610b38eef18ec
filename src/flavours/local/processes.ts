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
export function processesOf({ run }: RunFolder): ProcessStat[] {
  const found = withDescendants(pid => words(pid, 'environ').includes(`${marker}=${run}`));
  return found.filter(({ pid }) => pid !== process.pid);
}

/** The processes of one node of it, of which `init` is the first: all below it, and of a plain node also those that left it. */
export function processesOfNode(
  { run }: RunFolder,
  node: string,
  init: ProcessId | undefined,
  isolation: Isolation,
): ProcessStat[] {
  const signs = [`${marker}=${run}`, `NXC_NODE=${node}`];
  return withDescendants((pid, start) => {
    if (init?.pid === pid) return init.start === start;
    if (isolation !== 'plain') return false;
    const variables = words(pid, 'environ');
    return signs.every(sign => variables.includes(sign));
  });
}

function withDescendants(isRoot: (pid: number, start: number) => boolean): ProcessStat[] {
  const stats = readAllStats();
  const children = childrenOf(stats);
  const found = new Map<number, ProcessStat>();
  for (const root of stats.filter(({ pid, start }) => isRoot(pid, start))) {
    for (const stat of [root, ...descendantsOf(children, root.pid)])
      if (stat.state !== 'Z') found.set(stat.pid, stat);
  }
  return [...found.values()];
}

/** Milliseconds in which killed processes must be gone; a disk that does not answer holds them back. */
const killLimit = 10_000;

/** Kills everything of a deployment and resolves when the kernel has taken it away. */
export const killAll = (folder: RunFolder): Promise<void> =>
  killWhile(() => processesOf(folder), `processes of deployment ${folder.run}`);

/** Kills what `find` finds until it finds nothing; `what` is for the error that they do not end. */
export async function killWhile(find: () => ProcessStat[], what: string): Promise<void> {
  const limit = Date.now() + killLimit;
  let pause = 2;
  for (let found = find(); found.length > 0; found = find()) {
    if (Date.now() > limit) throw stuck(what, found);
    signal(found, 'SIGKILL');
    await sleep(pause);
    pause = Math.min(2 * pause, 200);
  }
}

export function signal(processes: readonly ProcessId[], name: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch {
      // Ended meanwhile, or somebody else's by now: who waits for its end will tell.
    }
  }
}

function stuck(what: string, found: readonly ProcessStat[]): NxcError {
  const pids = found.map(({ pid, state }) => `${pid} (state ${state})`);
  return new NxcError({
    asked: `${what} were killed but do not end`,
    found: `${pids.slice(0, 10).join(', ')}${pids.length > 10 ? ` and ${pids.length - 10} more` : ''}`,
    todo: 'state D waits for a disk or a network file system; when it answers, or after a reboot, stop again',
  });
}

/** The words of a file of /proc/<pid>; none when the process has ended, or is somebody else's. */
export function words(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
