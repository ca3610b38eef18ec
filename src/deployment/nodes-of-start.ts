import { distributeRoles } from '../composition/distribution.js';
import type { Build, Node, RolesDistribution } from '../composition/types.js';
import { loadFlavour } from '../flavours/registry.js';
import { asName } from '../name.js';
import { DeploymentError } from './errors.js';

/** The nodes that a start brings up: refused where they cannot be, and that before anything else is stopped for them. */
export async function nodesOfStart(build: Build, distribution: RolesDistribution = {}): Promise<Node[]> {
  for (const role of build.roles) asName('role', role);
  const nodes = distributeRoles(build.roles, distribution, build.rolesDistribution ?? {});
  const { mostNodes } = await loadFlavour(build.flavour);
  if (nodes.length <= mostNodes) return nodes;
  throw new DeploymentError({
    asked: `${nodes.length} nodes cannot run on one machine`,
    found: `flavour ${build.flavour} starts at most ${mostNodes}`,
    todo: 'ask for fewer: `nxc start -r role=N`',
  });
}
