import { isObject } from '../is-object.js';
import { nearest } from '../suggest.js';
import { DistributionError } from './errors.js';
import { checkHostName } from './host-name.js';
import { identifier } from './identifier.js';
import type { Node, RolesDistribution } from './types.js';

/**
 * The nodes of a deployment (upstream's actions.py), roles in alphabetical order as in upstream's addresses.
 * For each role the first layer that names it counts; a role that none names is one node called like the role.
 * A number n gives role1 … rolen, also when n is 1: one notebook then has the same names on every flavour.
 */
export function distributeRoles(roles: readonly string[], ...layers: readonly RolesDistribution[]): Node[] {
  for (const layer of layers) checkRoles(roles, layer);
  const nodes = [...roles].sort().flatMap(role => {
    const asked = layers.find(layer => Object.hasOwn(layer, role))?.[role];
    return namesOf(role, asked).map(name => ({ name, role }));
  });
  if (nodes.length === 0) {
    throw new DistributionError({ asked: 'no role has a node', todo: 'give one role a node: -r role=1' });
  }
  checkNames(nodes);
  return nodes;
}

/** Beyond what runs anywhere: a slip of the keyboard must not fill the memory with names. */
const MOST_OF_A_ROLE = 100_000;

/** `-r role=3` and `-r role=a,b`, any number of them. */
export function parseRoleOptions(words: readonly string[]): RolesDistribution {
  const distribution: Record<string, number | readonly string[]> = Object.create(null);
  for (const word of words) {
    const { role, value } = /^(?<role>[^=]+)=(?<value>.+)$/s.exec(word.trim())?.groups ?? {};
    if (role === undefined || value === undefined) {
      throw new DistributionError({
        asked: `cannot read -r "${word}"`,
        todo: 'write -r role=3 or -r role=name,name',
      });
    }
    if (distribution[role] !== undefined) {
      throw new DistributionError({ asked: `role "${role}" is given twice with -r`, todo: 'give it once' });
    }
    distribution[role] = toAmountOrNames(role, /^[+-]?\d+$/.test(value) ? Number(value) : value.split(','));
  }
  return distribution;
}

/** Checks a role → number | names table that came from a file or a composition; `source` names it in errors. */
export function toDistribution(value: unknown, source: string): RolesDistribution {
  if (!isObject(value)) {
    throw new DistributionError({
      asked: `${source} is not a table role → number or list of host names`,
      found: JSON.stringify(value),
    });
  }
  const entries = Object.entries(value).map(([role, amount]) => [
    role,
    toAmountOrNames(role, amount, ` in ${source}`),
  ]);
  return Object.fromEntries(entries);
}

function toAmountOrNames(role: string, value: unknown, where = ''): number | readonly string[] {
  if (Number.isSafeInteger(value) && (value as number) >= 0) {
    if ((value as number) <= MOST_OF_A_ROLE) return value as number;
    throw new DistributionError({
      asked: `role "${role}"${where} cannot have ${value} nodes`,
      found: `at most ${MOST_OF_A_ROLE} are given names`,
    });
  }
  if (Array.isArray(value) && value.every(name => typeof name === 'string')) {
    return value.map(name => name.trim());
  }
  throw new DistributionError({
    asked: `role "${role}"${where} is neither a number of nodes nor a list of host names`,
    found: JSON.stringify(value),
    todo: `write ${role}: 3 or ${role}: [a, b]`,
  });
}

function namesOf(role: string, asked: number | readonly string[] | undefined): readonly string[] {
  if (asked === undefined) return [role];
  return typeof asked === 'number' ? Array.from({ length: asked }, (_, i) => `${role}${i + 1}`) : asked;
}

/** Throws when it names a role that is not there. */
export function checkRoles(roles: readonly string[], layer: RolesDistribution): void {
  for (const role of Object.keys(layer)) {
    if (roles.includes(role)) continue;
    throw new DistributionError({
      asked: `the composition has no role "${role}"`,
      nearest: nearest(role, roles),
      found: `roles ${roles.join(', ')}`,
    });
  }
}

function checkNames(nodes: readonly Node[]): void {
  const owners = new Map<string, Node>();
  const variables = new Map<string, Node>();
  for (const node of nodes) {
    checkHostName(node);
    // Names resolve without case.
    const other = owners.get(node.name.toLowerCase());
    if (other) {
      throw new DistributionError({
        asked: `two nodes are called "${node.name}"`,
        found:
          other.role === node.role ? `both in role ${node.role}` : `roles ${other.role} and ${node.role}`,
        todo: `give other names: -r ${node.role}=name,name`,
      });
    }
    owners.set(node.name.toLowerCase(), node);
    // Both would be the same machine in test scripts.
    const namesake = variables.get(identifier(node.name));
    if (namesake) {
      throw new DistributionError({
        asked: `the nodes "${namesake.name}" and "${node.name}" would be one variable in test scripts: ${identifier(node.name)}`,
        todo: `give one another name: -r ${node.role}=name`,
      });
    }
    variables.set(identifier(node.name), node);
  }
}
