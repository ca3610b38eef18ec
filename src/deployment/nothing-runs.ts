import { type Deployment, deploymentName } from './deployment.js';
import { DeploymentError } from './errors.js';

/** What to do in a project of which nothing runs: it depends on what became of its deployments. */
export function nothingRuns(project: string, deployments: readonly Deployment[]): DeploymentError {
  const asked = 'nothing is running here';
  const brokenOff = deployments.find(({ brokeOff }) => brokeOff);
  if (brokenOff)
    return new DeploymentError({
      asked,
      found: `a start of ${deploymentName(brokenOff)} that was cut off`,
      todo: 'start it again with `nxc start`',
    });
  const stopping = deployments.find(({ stopping }) => stopping);
  if (stopping)
    return new DeploymentError({
      asked,
      found: `${deploymentName(stopping)}, which is being stopped, or whose stop was cut off`,
      todo: 'end it with `nxc stop`, or start it again with `nxc start`',
    });
  return new DeploymentError({
    asked,
    found: `no running deployment of the project ${project}`,
    todo: 'start one with `nxc start`',
  });
}
