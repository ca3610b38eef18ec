import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeploymentRecord } from '../flavours/record.js';
import { recordFault } from './check-record.js';
import { RecordError } from './errors.js';

/** deploy/ of a project. */
const recordFolder = (project: string): string => join(project, 'deploy');

export const recordFile = (project: string, composition: string, flavour: string): string =>
  join(recordFolder(project), `${composition}::${flavour}.json`);

/** Writes a record that must not exist yet: of two starts at the same time one gets false. */
export async function createRecord(record: DeploymentRecord): Promise<boolean> {
  return withDraft(record, async (draft, file) => {
    try {
      await link(draft, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  });
}

/** Replaces the record: whoever reads sees the old or the new one, also when the disk is full or power fails. */
export async function saveRecord(record: DeploymentRecord): Promise<void> {
  await withDraft(record, rename);
}

/** Undefined where there is no record, or only one of upstream's, which does not say what runs. */
export async function readRecord(file: string): Promise<DeploymentRecord | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new RecordError({
      asked: `cannot read the record ${file}`,
      found: (error as Error).message,
      cause: error,
    });
  }
  const fault = (found: string, cause?: unknown) =>
    new RecordError({
      asked: `the record ${file} is broken`,
      found,
      todo: `see with \`nxc status --all\` what still runs, then remove the file`,
      cause,
    });
  let record: DeploymentRecord;
  try {
    record = JSON.parse(text) as DeploymentRecord;
  } catch (error) {
    throw fault((error as Error).message, error);
  }
  if (record?.['x-nxc'] === undefined) return undefined;
  const found = recordFault(record['x-nxc']);
  if (found) throw fault(found);
  return record;
}

/** All records of a project, newest first. */
export async function listRecords(project: string): Promise<DeploymentRecord[]> {
  const folder = recordFolder(project);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter(name => /::.*\.json$/.test(name));
  const records = await Promise.all(files.map(name => readRecord(join(folder, name))));
  return records
    .filter(record => record !== undefined)
    .sort((a, b) => b['x-nxc'].started.localeCompare(a['x-nxc'].started));
}

/** Removes the record, unless another run has taken its place. */
export async function removeRecord(record: DeploymentRecord): Promise<void> {
  const { file, run } = record['x-nxc'];
  const present = await readRecord(file);
  if (present?.['x-nxc'].run === run) await rm(file, { force: true });
}

async function withDraft<T>(
  record: DeploymentRecord,
  publish: (draft: string, file: string) => Promise<T>,
): Promise<T> {
  const { file } = record['x-nxc'];
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await publish(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new RecordError({
      asked: `cannot write the record ${file}`,
      found: reasonOf(error as NodeJS.ErrnoException),
      todo: `make room or give write permission in ${dirname(file)}, then start again`,
      cause: error,
    });
  }
}

const reasonOf = (error: NodeJS.ErrnoException): string =>
  error.code === 'ENOSPC' || error.code === 'EDQUOT' ? `the disk is full (${error.code})` : error.message;
