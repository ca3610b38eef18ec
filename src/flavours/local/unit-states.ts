import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext } from '../../jobs/job.js';
import type { RunFolder } from './run-folder.js';
import { parseEntry } from './tools/entry.js';

/** Milliseconds in which a service that cannot work has usually ended: a missing file, a port already taken. */
const settling = 150;
/** Milliseconds in which a service whose process has ended has done so, too; what it leaves has to be killed. */
const endLimit = 2000;
const linesShown = 5;

/** The units of a node that failed; `runtime` is its runtime folder. The states are written by node/supervise.sh. */
export function failedUnits(runtime: string): string[] {
  return unitsOf(runtime).filter(unit =>
    read(join(runtime, 'units', unit, 'state')).includes('ActiveState=failed'),
  );
}

export function unitsOf(runtime: string): string[] {
  try {
    return readdirSync(join(runtime, 'units')).sort();
  } catch {
    return [];
  }
}

/** A service that dies does not undo a start, but its user should not have to look for it. */
export async function warnOfFailedUnits(
  folder: RunFolder,
  nodes: ReadonlyArray<{ name: string }>,
  jobs: JobContext,
): Promise<void> {
  await settled(
    nodes.map(({ name }) => folder.node(name)),
    jobs.signal,
  );
  for (const { name } of nodes) {
    for (const unit of failedUnits(folder.node(name))) {
      const lines = read(join(folder.node(name), 'units', unit, 'log'))
        .split('\n')
        .flatMap(line => parseEntry(line)?.message ?? [])
        .slice(-linesShown);
      jobs.warn(
        [`${unit} failed on ${name}; the end of its log:`, ...lines.map(line => `  ${line}`)].join('\n'),
      );
    }
  }
}

/** Resolves when what runs has run long enough to count as working, and nothing is about to end. */
async function settled(runtimes: readonly string[], signal: AbortSignal): Promise<void> {
  const limit = Date.now() + endLimit;
  const states = () =>
    runtimes.flatMap(runtime => unitsOf(runtime).map(unit => read(join(runtime, 'units', unit, 'state'))));
  const began = states().map(state => Number(/^ActiveState=activ.* Changed=([\d.]+)/.exec(state)?.[1] ?? 0));
  await sleep(Math.min(settling, settling + Math.max(0, ...began) * 1000 - Date.now()), undefined, {
    signal,
  });
  const isEnding = (state: string) => state.includes('SubState=running') && state.includes('MainPID=0 ');
  while (Date.now() < limit && states().some(isEnding)) await sleep(10, undefined, { signal });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
