import { resolveTargets, UnknownMachine } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import { type Deployment, deploymentName } from '../deployment/deployment.js';
import type { CommandContext } from './command.js';

/** Of verbs that do something on nodes: of several deployments of a project they mean the newest. */
export const deploymentOption = [
  '-d, --deployment <composition::flavour>',
  'of several that run here, this one; in a notebook from then on',
] as const;

export const deploymentOf = (
  name: string | undefined,
  { manager, workspace }: Pick<CommandContext, 'manager' | 'workspace'>,
): Promise<Deployment> =>
  name === undefined ? manager.require(workspace.cwd) : manager.choose(workspace.cwd, name);

/** The nodes that a target means; one of another deployment of the project says how to reach that. */
export async function nodesOf(
  deployment: Deployment,
  target: string,
  { manager }: Pick<CommandContext, 'manager'>,
): Promise<Node[]> {
  try {
    return resolveTargets(deployment.nodes, target);
  } catch (error) {
    if (!(error instanceof UnknownMachine)) throw error;
    const { run, project } = deployment.record['x-nxc'];
    const others = (await manager.list(project)).filter(({ record }) => record['x-nxc'].run !== run);
    const owner = others.find(({ nodes }) => hasAll(nodes, target));
    if (!owner) throw error;
    const name = deploymentName(owner);
    throw new UnknownMachine({
      asked: `${target} is not of ${deploymentName(deployment)}`,
      found: `${name} has it, which runs as well`,
      todo: `add -d ${name}`,
    });
  }
}

function hasAll(nodes: readonly Node[], target: string): boolean {
  try {
    return resolveTargets(nodes, target).length > 0;
  } catch {
    return false;
  }
}
