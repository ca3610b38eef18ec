import type { DeploymentRecord } from '../record.js';
import { runtimeHome } from '../runtime-home.js';

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

/** Compose's own label of a container: the node it is. */
export const serviceLabel = 'com.docker.compose.service';

export function labelsOf(record: DeploymentRecord): Record<string, string> {
  const { run, owner, project, composition, flavour } = record['x-nxc'];
  return {
    [labels.run]: run,
    [labels.owner]: owner,
    [labels.home]: runtimeHome(),
    [labels.project]: project,
    [labels.deployment]: `${composition}::${flavour}`,
  };
}

/** Query for the engine's lists. */
export const ofRun = (run: string): { filters: object } => ({ filters: { label: [`${labels.run}=${run}`] } });
/** Of all runs of this user. */
export const ours = (): { filters: object } => ({ filters: { label: [`${labels.home}=${runtimeHome()}`] } });
