import { Attrs, type Lazy, NixError, Thunk } from '../../nix/index.js';

/** As weak as an option's own default. */
const DEFAULT = 1500n;

/**
 * networking.primaryIPAddress as a module. A node of `local` has no address before it starts; its host name means the same to
 * who connects to it, and is given instead, where the role has one node.
 * @param given hears that somebody has read it
 */
export function hostNameAsAddress(
  role: string,
  nodes: number | readonly string[] | undefined,
  given: () => void,
): Lazy {
  const names =
    typeof nodes === 'number' ? Array.from({ length: nodes }, (_, n) => `${role}${n + 1}`) : nodes;
  const content = Thunk.of(() => {
    const [name = role, ...others] = names ?? [role];
    if (others.length > 0) {
      throw new NixError('evaluation', {
        asked: `networking.primaryIPAddress of role ${role} is not known before the start`,
        found: `it has the nodes ${[name, ...others].join(', ')}, whose addresses the flavour local chooses at the start`,
        todo: 'use the host name of the node that is meant',
      });
    }
    given();
    return name;
  });
  const weak = Attrs.from({ _type: 'override', priority: DEFAULT, content });
  return Attrs.from({ networking: Attrs.from({ primaryIPAddress: weak }) });
}
