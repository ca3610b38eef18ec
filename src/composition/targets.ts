import { NxcError } from '../errors.js';
import { globPattern } from '../glob.js';
import { nearest } from '../suggest.js';
import type { Node } from './types.js';

/** A target or machine that no node of the deployment is. */
export class UnknownMachine extends NxcError {}

/**
 * The nodes that a TARGET means, in the deployment's order: names, `@role`, globs (`*`, `client?`, `client[12]`), in comma lists.
 * A word that means no node is an UnknownMachine with the nearest names. An empty list, also one that was written into a line, means none.
 */
export function resolveTargets(nodes: readonly Node[], target: string | readonly string[]): Node[] {
  const given = typeof target === 'string' ? [target] : target;
  if (given.every(word => word === '')) return [];
  const words = given
    .flatMap(word => word.split(','))
    .map(word => word.trim())
    .filter(Boolean);
  if (words.length === 0) {
    throw new UnknownMachine({ asked: 'no node is named', todo: 'name nodes, or all of them with "*"' });
  }
  const wanted = new Set<Node>();
  for (const word of words) {
    const found = nodes.filter(matcher(word));
    if (found.length === 0) throw unknown(nodes, word);
    for (const node of found) wanted.add(node);
  }
  return nodes.filter(node => wanted.has(node));
}

/** The nodes of one role, in the deployment's order; a role that no node has is an UnknownMachine, as with `@role`. */
export function nodesOfRole<Each extends Node>(nodes: readonly Each[], role: string): Each[] {
  const found = nodes.filter(node => node.role === role);
  if (found.length === 0) throw unknown(nodes, `@${role}`);
  return found;
}

function matcher(word: string): (node: Node) => boolean {
  const pattern = globPattern(word.startsWith('@') ? word.slice(1) : word);
  return word.startsWith('@') ? node => pattern.test(node.role) : node => pattern.test(node.name);
}

function unknown(nodes: readonly Node[], word: string): UnknownMachine {
  const names = nodes.map(node => node.name);
  const roles = [...new Set(nodes.map(node => `@${node.role}`))];
  return new UnknownMachine({
    asked: word.startsWith('@') ? `there is no role "${word.slice(1)}"` : `there is no node "${word}"`,
    nearest: nearest(word, [...names, ...roles]),
    found:
      nodes.length > 0
        ? `nodes ${names.slice(0, 20).join(', ')}; roles ${roles.join(', ')}`
        : 'no nodes at all',
    ...(nodes.length > 0 ? {} : { todo: 'start a deployment: nxc start' }),
  });
}
