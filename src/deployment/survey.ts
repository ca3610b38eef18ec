/** What there is of deployments on this machine, by the records of projects and by what the flavours find. */
import type { Leftover } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { adopt } from './adopt.js';
import type { UnusableRecord } from './deployment.js';
import { CopiedRecord, RecordError } from './errors.js';
import { listRecords } from './record-store.js';
import type { RunningDeployment } from './running.js';

export interface Survey {
  deployments: RunningDeployment[];
  unusable: UnusableRecord[];
}

/**
 * The records of projects, each project's newest first, and what upstream's tool started there; `open` refuses with RecordError
 * what cannot be used.
 */
export async function survey(
  projects: readonly string[],
  open: (record: DeploymentRecord) => Promise<RunningDeployment>,
): Promise<Survey> {
  const found: Survey = { deployments: [], unusable: [] };
  const refuse = (error: unknown) => {
    if (!(error instanceof RecordError)) throw error;
    found.unusable.push({ file: error.file, error, copied: error instanceof CopiedRecord });
  };
  for (const { records, upstream, broken } of await Promise.all(projects.map(listRecords))) {
    broken.forEach(refuse);
    const adopted = (await Promise.all(upstream.map(adopt))).filter(record => record !== undefined);
    for (const record of [...records, ...adopted])
      await open(record).then(one => found.deployments.push(one), refuse);
  }
  return found;
}

/** Absolute paths of the projects that have something on this machine. */
export const knownProjects = async (): Promise<string[]> => projectsOf(await allRuns());

/** What exists with no record that knows it. */
export async function unrecordedRuns(): Promise<Leftover[]> {
  // Runs first: a start writes its record before there is anything else of it.
  const runs = await allRuns();
  const records = await Promise.all(projectsOf(runs).map(listRecords));
  const recorded = new Set(records.flatMap(of => of.records).map(record => record['x-nxc'].run));
  return runs.filter(({ run }) => !recorded.has(run));
}

async function allRuns(): Promise<Leftover[]> {
  const flavours = await Promise.all(flavourNames().map(loadFlavour));
  return (await Promise.all(flavours.map(flavour => flavour.leftovers()))).flat();
}

const projectsOf = (runs: readonly Leftover[]): string[] => [
  ...new Set(runs.map(({ project }) => project).filter(project => project !== undefined)),
];
