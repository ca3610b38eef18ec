import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import { buildFileName } from '../composition/build-link.js';
import { NxcError } from '../errors.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { readRegularText } from '../read-regular.js';
import { recordFault } from './check-record.js';
import { DeploymentError, RecordError } from './errors.js';

/** deploy/ of a project. */
export const recordFolder = (project: string): string => join(project, 'deploy');

export const recordFile = (project: string, composition: string, flavour: string): string =>
  join(recordFolder(project), `${buildFileName({ composition, flavour })}.json`);

/** Writes a record that must not exist yet: of two starts at the same time one gets false. */
export const createRecord = (record: DeploymentRecord): Promise<boolean> =>
  write(record, { exclusive: true });

/** Writes over whatever is in its place; only for whoever has claimed that (claim.ts). */
export async function replaceRecord(record: DeploymentRecord): Promise<void> {
  await write(record);
}

/** Writes a record anew that is there. */
export async function updateRecord(record: DeploymentRecord): Promise<void> {
  if (!(await isRecorded(record))) {
    throw new DeploymentError({
      asked: `run ${record['x-nxc'].run} was stopped by someone else`,
      found: `its record ${record['x-nxc'].file} is gone`,
    });
  }
  await write(record);
}

/** The file in which a record was last found. Records are replaced whole, so the same file says the same. */
const found = new WeakMap<DeploymentRecord, string>();

/** Whether the record still is in its place, and no other run's. Every call of a cell asks this: a file that is known is not read. */
export async function isRecorded(record: DeploymentRecord): Promise<boolean> {
  const { file, run } = record['x-nxc'];
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  const stamp = stat && `${stat.ino} ${stat.size} ${stat.ctimeNs}`;
  if (stamp !== undefined && found.get(record) === stamp) return true;
  const present = await readRecord(file).catch(() => undefined);
  if (present?.['x-nxc'].run !== run) return false;
  if (stamp !== undefined) found.set(record, stamp);
  return true;
}

/** What upstream's tool writes. It does not say what runs. */
export type UpstreamRecord = Pick<DeploymentRecord, 'deployment'> & { [key: string]: unknown };

/** What occupies a record's place: a run, or upstream's tool. */
export type Occupant =
  | { run: string; record: DeploymentRecord }
  | { run: 'upstream'; upstream: UpstreamRecord };

/** Undefined where there is no file. Where a record lies is where it was found, whatever it says itself. */
export async function readPlace(file: string): Promise<Occupant | undefined> {
  let text: string;
  try {
    text = readRegularText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new RecordError(file, {
      asked: `cannot read the record ${file}`,
      found: (error as Error).message,
      cause: error,
    });
  }
  let record: DeploymentRecord;
  try {
    record = JSON.parse(text) as DeploymentRecord;
  } catch (error) {
    throw broken(file, (error as Error).message, error);
  }
  if (record?.['x-nxc'] === undefined) return { run: 'upstream', upstream: record ?? { deployment: {} } };
  const fault = recordFault(record['x-nxc']);
  if (fault) throw broken(file, fault);
  Object.assign(record['x-nxc'], { file, project: dirname(dirname(file)) });
  return { run: record['x-nxc'].run, record };
}

/** Undefined where there is no record of ours. */
export async function readRecord(file: string): Promise<DeploymentRecord | undefined> {
  const occupant = await readPlace(file);
  return occupant && 'record' in occupant ? occupant.record : undefined;
}

/** All records of a project, newest first, and apart from them upstream's and those that cannot be read. */
export async function listRecords(project: string): Promise<{
  records: DeploymentRecord[];
  /** Absolute paths. */
  upstream: string[];
  broken: RecordError[];
}> {
  const folder = recordFolder(project);
  const records: DeploymentRecord[] = [];
  const upstream: string[] = [];
  const errors: RecordError[] = [];
  for (const name of namesIn(folder).filter(name => /::.*\.json$/.test(name))) {
    const file = join(folder, name);
    try {
      const occupant = await readPlace(file);
      if (occupant && 'record' in occupant) records.push(occupant.record);
      else if (occupant) upstream.push(file);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      errors.push(error);
    }
  }
  records.sort((a, b) => b['x-nxc'].started.localeCompare(a['x-nxc'].started));
  return { records, upstream, broken: errors };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const broken = (file: string, found: string, cause?: unknown) =>
  new RecordError(file, {
    asked: `the record ${file} is broken`,
    found,
    todo: 'see with `nxc status --all` what still runs, then remove the file (or `nxc clean --force`)',
    cause,
  });

async function write(record: DeploymentRecord, options: { exclusive?: boolean } = {}): Promise<boolean> {
  const { file } = record['x-nxc'];
  const text = `${JSON.stringify(record, null, 2)}\n`;
  try {
    return await writeAtomically(file, text, { mode: 0o600, folderMode: 0o700, sync: true, ...options });
  } catch (error) {
    throw new RecordError(file, {
      asked: `cannot write the record ${file}`,
      found: error instanceof NxcError ? error.parts.found : String(error),
      todo: `make room or give write permission in ${dirname(file)}, then start again`,
      cause: error,
    });
  }
}
