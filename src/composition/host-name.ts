import { DistributionError } from './errors.js';
import type { Node } from './types.js';

/** RFC 1123 section 2.1, one label. */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;
const LONGEST = 63;

/** A node's name is its host name, in /etc/hosts and in the kernel. */
export function checkHostName({ name, role }: Node): void {
  const fault = hostNameFault(name);
  if (!fault) return;
  const better = repaired(name);
  throw new DistributionError({
    asked: `"${name}" (role ${role}) cannot be a host name: ${fault}`,
    nearest: better ? [better] : [],
    todo: `name its nodes, in the composition with rolesDistribution.${role} = [ "name" ] or at the start with -r ${role}=name`,
  });
}

/** Why a name is none of RFC 1123; undefined when it is one. */
export function hostNameFault(name: string): string | undefined {
  if (name.length > LONGEST) return `it has ${name.length} characters, at most ${LONGEST} are allowed`;
  if (name.toLowerCase() === 'localhost') return 'it means the machine itself';
  if (!LABEL.test(name)) return 'only letters, digits and inner hyphens are allowed';
  return undefined;
}

function repaired(name: string): string | undefined {
  const better = name
    .replace(/[^a-z0-9-]+/gi, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return better !== name && !hostNameFault(better) ? better : undefined;
}
