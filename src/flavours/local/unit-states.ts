import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RoleSpec } from '../../composition/role-spec.js';
import type { JobContext } from '../../jobs/job.js';
import type { RunFolder } from './run-folder.js';
import { parseEntry } from './tools/entry.js';

/** Milliseconds in which a service that cannot work has usually ended: a missing file, a port already taken. */
const settling = 150;
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
  nodes: ReadonlyArray<{ name: string; role: string }>,
  roles: Readonly<Record<string, RoleSpec>>,
  jobs: JobContext,
): Promise<void> {
  if (!nodes.some(({ role }) => roles[role]!.units.length > 0)) return;
  await sleep(settling, undefined, { signal: jobs.signal });
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

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
