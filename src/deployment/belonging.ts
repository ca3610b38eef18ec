import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Flavour } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { CopiedRecord, RecordError } from './errors.js';
import { readRecord, recordFile } from './record-store.js';

/**
 * Refuses a record whose run cannot be handled through it: of another machine, or copied together with its project
 * (two records, one run: the run itself knows which project is its own). One that moved with its project is welcome: returns from
 * where.
 */
export async function checkBelonging(
  record: DeploymentRecord,
  flavour: Flavour,
): Promise<string | undefined> {
  const { run, file, project, owner, starter } = record['x-nxc'];
  if (starter.host !== hostname()) {
    throw new RecordError(file, {
      asked: `the record ${file} is of another machine`,
      found: `run ${run} was started by ${owner} on ${starter.host}; this is ${hostname()}`,
      todo: `stop it on ${starter.host}; when that machine is no more, remove the file (or \`nxc clean --force\`)`,
    });
  }
  const known = (await flavour.leftovers()).find(leftover => leftover.run === run);
  if (known?.project === undefined || known.project === project) return undefined;
  const original = recordFile(known.project, record['x-nxc'].composition, flavour.name);
  const present = await readRecord(original).catch(() => undefined);
  if (present?.['x-nxc'].run !== run) {
    await known.moveTo(project);
    return known.project;
  }
  if (await isSameFile(original, file)) return undefined;
  throw new CopiedRecord(file, {
    asked: `the record ${file} is a copy`,
    found: `run ${run} is of the project ${known.project}`,
    todo: `work with it there; \`nxc clean\` removes the copy, and \`nxc start\` starts a deployment of its own`,
  });
}

/** A project reached by a link or another mount is the same project. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.ino === other.ino && one.dev === other.dev;
}
