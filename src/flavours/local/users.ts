import type { RoleSpec } from '../../composition/role-spec.js';
import type { JobContext } from '../../jobs/job.js';
import { accountsOf } from './accounts.js';
import type { Isolation } from './isolation.js';

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Only root can become another user, and that one must be known where the node is: node and machine are one for a plain node. */
export function warnOfUsers(
  roles: Readonly<Record<string, RoleSpec>>,
  isolation: Isolation,
  jobs: JobContext,
): void {
  if (isolation === 'root') return;
  const machines = isolation === 'plain' && isRoot();
  const units = new Set<string>();
  const users = new Set<string>();
  for (const role of Object.values(roles)) {
    const added = new Set(accountsOf(role).added.map(({ user }) => user.name));
    const isOther = (name: string) => name !== 'root' && (!machines || added.has(name));
    for (const { name, user } of role.units) if (user && isOther(user)) units.add(`${name} (${user})`);
    for (const { name } of role.users) if (isOther(name)) users.add(name);
  }
  if (units.size + users.size === 0) return;
  const only = machines ? 'root' : "the node's only user";
  const parts = [
    ...(units.size ? [`these units run as ${only}: ${[...units].join(', ')}`] : []),
    ...(users.size ? [`commands for these users do, too: ${[...users].join(', ')}`] : []),
  ];
  jobs.warn(
    `${reason(isolation)}: ${parts.join('; ')}; HOME and USER are theirs, the rights are not; ${remedy()}`,
  );
}

function reason(isolation: Isolation): string {
  if (!isRoot()) return 'no other user without root';
  return isolation === 'plain'
    ? 'no other user than those of this machine without namespaces'
    : 'no other user in a user namespace';
}

const remedy = (): string =>
  isRoot() ? '`nxc doctor` says what root is missing here' : 'start as root for users of their own';
