import { formatBuildName, listBuilds } from '../composition/build-link.js';
import { readBuild } from '../composition/compose-info.js';
import { distributeRoles } from '../composition/distribution.js';
import type { Node } from '../composition/types.js';

export interface Expected {
  /** `composition::flavour`. */
  build: string;
  nodes: readonly Node[];
}

/** The nodes that `nxc start` without more would make: of the newest build of a project; undefined when it has none. */
export async function expectedNodes(directory: string): Promise<Expected | undefined> {
  const [newest] = await listBuilds(directory);
  if (!newest) return undefined;
  const { roles, rolesDistribution = {} } = await readBuild(newest.link);
  return { build: formatBuildName(newest), nodes: distributeRoles(roles, {}, rolesDistribution) };
}
