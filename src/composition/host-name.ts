import { shownName } from '../name.js';
import { DistributionError } from './errors.js';
import type { Node } from './types.js';

/** As NixOS has it (networking.hostName): a label of RFC 1123, in which underscores may stand, too. */
const LABEL = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/i;
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
  if (!LABEL.test(name)) return 'only letters, digits, and hyphens and underscores between them are allowed';
  return undefined;
}

function repaired(name: string): string | undefined {
  const better = name
    .replace(/[^a-z0-9_-]+/gi, '-')
    .slice(0, LONGEST)
    .replace(/^[-_]+|[-_]+$/g, '');
  return better !== name && !hostNameFault(better) ? better : undefined;
}
