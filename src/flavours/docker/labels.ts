import type { DeploymentRecord } from '../record.js';
import { firstHome } from '../runtime-home.js';
import { runtimeOf } from './runtime.js';

/** What containers, networks and volumes of ours are found by, whatever became of the project and its record. */
export const labels = {
  run: 'nxc.run',
  /** user@host */
  owner: 'nxc.owner',
  /** Runtime home of the owner: who has another one sees other deployments. */
  home: 'nxc.home',
  /** Absolute path of the project. */
  project: 'nxc.project',
  /** composition::flavour */
  deployment: 'nxc.deployment',
} as const;

/** Compose's own: of a container the node it is, the compose project, and the folder of the compose file. */
export const composeLabels = {
  service: 'com.docker.compose.service',
  project: 'com.docker.compose.project',
  folder: 'com.docker.compose.project.working_dir',
} as const;

export function labelsOf(record: DeploymentRecord): Record<string, string> {
  const { run, owner, project, composition, flavour } = record['x-nxc'];
  return {
    [labels.run]: run,
    [labels.owner]: owner,
    [labels.home]: firstHome(),
    [labels.project]: project,
    [labels.deployment]: `${composition}::${flavour}`,
  };
}

/** Query for the engine's lists. */
export type Labelled = { filters: { label: string[] } };

export const labelled = (label: string, value: string): Labelled => ({
  filters: { label: [`${label}=${value}`] },
});

export const ofRun = (run: string): Labelled => labelled(labels.run, run);

/** Of all runs of this user. */
export const ours = (): Labelled => labelled(labels.home, firstHome());

/** The containers of a deployment; of one that upstream's tool started they have compose's labels alone. */
export function ofDeployment(record: DeploymentRecord): Labelled {
  const { adopted } = runtimeOf(record);
  return adopted ? labelled(composeLabels.folder, adopted.folder) : ofRun(record['x-nxc'].run);
}
