import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Leftover } from '../flavours/flavour.js';
import { samplers } from '../metrics/sampler-process.js';
import { storesFolder } from '../metrics/store/store.js';
import { listRecords, readRecord } from './record-store.js';

/** Processes that measure what no record knows any more. They end by themselves, unless they hang. */
export async function strayMeasuring(): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const { run, pid, file, end } of samplers()) {
    const record = await readRecord(file).catch(() => undefined);
    if (record?.['x-nxc'].run === run) continue;
    found.push({
      flavour: record?.['x-nxc'].flavour ?? '',
      run,
      what: `process ${pid}, which measured run ${run}`,
      project: dirname(dirname(file)),
      running: false,
      moveTo: async () => {},
      remove: end,
    });
  }
  return found;
}

/** Removes what was measured of runs that no record of the project knows; returns the folders. */
export async function removeStrayMeasures(project: string): Promise<string[]> {
  const folder = storesFolder(project);
  const { records, broken } = await listRecords(project);
  // A record that cannot be read may be of any run.
  if (broken.length > 0) return [];
  const known = new Set(records.map(record => record['x-nxc'].run));
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const stray = names.filter(name => /^[0-9a-f]{8}$/.test(name) && !known.has(name));
  for (const name of stray) rmSync(join(folder, name), { recursive: true, force: true });
  return stray.map(name => join(folder, name));
}
