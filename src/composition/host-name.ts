import { nameFault, shownName } from '../name.js';
import { DistributionError } from './errors.js';
import type { Node } from './types.js';

const LONGEST = 63;

/** A node's name is its host name, in /etc/hosts and in the kernel. */
export function checkHostName({ name, role }: Node): void {
  const fault = hostNameFault(name);
  if (!fault) return;
  const better = repaired(name);
  throw new DistributionError({
    asked: `${shownName(name)} (role ${role}) cannot be a host name: ${fault}`,
    nearest: better ? [better] : [],
    todo: `name its nodes, in the composition with rolesDistribution.${role} = [ "name" ] or at the start with -r ${role}=name`,
  });
}

/** Why a name cannot be a host's; undefined when it can. */
export function hostNameFault(name: string): string | undefined {
  if (name.length > LONGEST) return `it has ${name.length} characters, at most ${LONGEST} are allowed`;
  if (name.toLowerCase() === 'localhost') return 'it means the machine itself';
  if (nameFault('node', name) !== undefined)
    return 'only letters, digits, and hyphens and underscores between them are allowed';
  return undefined;
}

function repaired(name: string): string | undefined {
  const better = name
    .replace(/[^a-z0-9_-]+/gi, '-')
    .slice(0, LONGEST)
    .replace(/^[-_]+|[-_]+$/g, '');
  return better !== name && !hostNameFault(better) ? better : undefined;
}
