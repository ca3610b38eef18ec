import { type Node, visitorKeys } from 'oxc-parser';

/** The nodes directly below one, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, Node | Array<Node | null> | null>;
  return (visitorKeys[node.type] ?? []).flatMap(key => fields[key] ?? []).filter(child => child !== null);
}

/** Adds the names that a pattern binds. */
export function boundNames(pattern: Node, names: Set<string>): void {
  if (pattern.type === 'Identifier') names.add(pattern.name);
  else if (pattern.type === 'AssignmentPattern') boundNames(pattern.left, names);
  else if (pattern.type === 'RestElement') boundNames(pattern.argument, names);
  else if (pattern.type === 'ArrayPattern') for (const one of pattern.elements) one && boundNames(one, names);
  else if (pattern.type === 'ObjectPattern') {
    for (const one of pattern.properties) boundNames(one.type === 'Property' ? one.value : one, names);
  }
}
