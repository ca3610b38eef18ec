import { formatBuildName, listBuilds } from '../composition/build-link.js';
import { readBuild } from '../composition/compose-info.js';
import { distributeRoles } from '../composition/distribution.js';
import { rolesOf } from '../composition/local-build.js';
import type { Node, Project } from '../composition/types.js';
import { NxcError } from '../errors.js';

export interface Expected {
  /** `composition::flavour`; undefined where nothing was built yet. */
  build: string | undefined;
  nodes: readonly Node[];
}

/** Milliseconds that a look into a composition without a build may take. */
const PATIENCE = 2000;

/**
 * The nodes that `nxc start` without more would make: of the newest build of a project, or else of its composition; undefined
 * where that has an error, or takes long.
 */
export async function expectedNodes(project: Project): Promise<Expected | undefined> {
  const [newest] = await listBuilds(project.directory);
  if (newest) {
    const { roles, rolesDistribution = {} } = await readBuild(newest.link);
    return { build: formatBuildName(newest), nodes: distributeRoles(roles, {}, rolesDistribution) };
  }
  try {
    const { roles, distribution } = await rolesOf(project, AbortSignal.timeout(PATIENCE));
    return { build: undefined, nodes: distributeRoles(roles, {}, distribution) };
  } catch (error) {
    // `nxc build` tells it.
    if (error instanceof NxcError) return undefined;
    throw error;
  }
}
