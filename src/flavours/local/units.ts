import type { RoleSpec } from '../../composition/role-spec.js';

/** Writes the units of a role as files that the node's supervisor reads (supervise.sh). */
export function writeUnits(_folder: string, _spec: RoleSpec): void {}
