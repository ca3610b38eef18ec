import { listBuilds } from '../../composition/build-link.js';
import { readBuild } from '../../composition/compose-info.js';
import { distributeRoles } from '../../composition/distribution.js';
import { identifier } from '../../composition/identifier.js';
import { findProject } from '../../composition/project.js';
import type { RoleSpec } from '../../composition/role-spec.js';
import type { Node } from '../../composition/types.js';
import type { Deployment, DeploymentManager } from '../../deployment/deployment.js';
import { parseUnitNames } from '../units.js';

export interface Where {
  manager: DeploymentManager;
  workspace: { readonly cwd: string };
}

/** Nodes, and what units each of them has. */
export interface NodesWithUnits {
  nodes: readonly Node[];
  units(node: Node): Promise<readonly string[]>;
}

/** An editor does not wait for a node that does not answer. */
const answerMs = 1500;

/** Of the deployment that runs, else of the newest build; undefined where there is neither, or none that can be read. */
export async function nodesWithUnits({ manager, workspace }: Where): Promise<NodesWithUnits | undefined> {
  try {
    const deployment = await manager.current(workspace.cwd);
    return deployment ? ofDeployment(deployment) : await ofBuild(workspace.cwd);
  } catch {
    return undefined;
  }
}

/** The units of one node of it, by the node's name or variable. */
export async function unitsOfNode(where: Where, name: string): Promise<readonly string[]> {
  const there = await nodesWithUnits(where);
  const node = there?.nodes.find(one => one.name === name || identifier(one.name) === name);
  return node ? there!.units(node) : [];
}

const ofDeployment = (deployment: Deployment): NodesWithUnits => ({
  nodes: deployment.nodes,
  units: async ({ name }) =>
    deployment.flavour.units?.(deployment.record, name) ?? (await askNode(deployment, name)),
});

/** Where only the node itself knows them; none of one that is off. */
async function askNode(deployment: Deployment, node: string): Promise<string[]> {
  const command = 'systemctl list-unit-files --no-legend --no-pager';
  try {
    const signal = AbortSignal.timeout(answerMs);
    const { status, stdout } = await deployment.transport(node).exec(command, { signal });
    return status === 0 ? parseUnitNames(stdout.toString()) : [];
  } catch {
    return [];
  }
}

async function ofBuild(cwd: string): Promise<NodesWithUnits | undefined> {
  const [newest] = await listBuilds(findProject(cwd).directory);
  if (!newest) return undefined;
  const { roles, rolesDistribution = {}, info } = await readBuild(newest.link);
  // Builds of other flavours say of a role where its system is, and not what that has.
  const specs = (info['x-nxc'] as { roles?: Record<string, RoleSpec> } | undefined)?.roles ?? {};
  return {
    nodes: distributeRoles(roles, rolesDistribution),
    units: async ({ role }) => (specs[role]?.units ?? []).map(({ name }) => name),
  };
}
