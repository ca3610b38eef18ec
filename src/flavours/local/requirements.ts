import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Requirement } from '../flavour.js';
import { systemPath, tools, tryNamespaces } from './isolation.js';

/** What this machine offers for the flavour. Only bash and coreutils are needed; the rest decides how well nodes are isolated. */
export async function requirements(): Promise<Requirement[]> {
  const [root, user] = await Promise.all([tryNamespaces('root'), tryNamespaces('user')]);
  return [
    program('bash', true, 'install bash'),
    program('mkfifo', true, 'install coreutils'),
    ...tools.map(name => program(name, false, `install ${name === 'ip' ? 'iproute2' : 'util-linux'}`)),
    {
      name: 'namespaces as root',
      ok: root === undefined,
      detail: root === undefined ? 'nodes have full isolation and their own users' : root,
      needed: false,
    },
    {
      name: 'user namespaces',
      ok: user === undefined,
      detail:
        user === undefined
          ? 'nodes are isolated; a node has one user, root'
          : `${user}; without root they need kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0`,
      needed: false,
    },
  ];
}

function program(name: string, needed: boolean, howToGet: string): Requirement {
  const path = systemPath
    .split(':')
    .map(folder => join(folder, name))
    .find(runs);
  return { name, ok: path !== undefined, detail: path ?? howToGet, needed };
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
