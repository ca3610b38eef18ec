import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Isolation } from './isolation.js';
import { type Mount, mountsOf, under } from './mounts.js';
import type { RootPart } from './root-plan.js';

/**
 * Folders of this machine's /tmp that hold programs of the build's packages. A node has a /tmp of its own, and these in it: a
 * whole folder of /tmp, since a program may need what lies around it.
 */
export function programsInTmp(
  packages: string | undefined,
  mounts: readonly Mount[],
  isolation: Isolation,
): RootPart[] {
  if (packages === undefined) return [];
  const programs = entriesOf(packages).flatMap(path => entriesOf(join(path, 'bin')).flatMap(placesOf));
  const folders = programs.flatMap(path => /^\/tmp\/[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].filter(isFolder).map(path => {
    const all = mountsOf(path, mounts);
    // Neither may an overlay's options hold any character, nor may a user namespace make one of a mount.
    const inTheWay = all.length > 1 || (isolation === 'user' && mounts.some(mount => mount.path === path));
    return /^[\w.+/-]+$/.test(path) && !inTheWay
      ? { path, kind: 'overlay' }
      : { path, kind: 'bind', mounts: all };
  });
}

export const isInTmp = ({ path }: RootPart): boolean => under(path, '/tmp') && path !== '/tmp';

/** None of what is not a folder. */
function entriesOf(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).map(name => join(folder, name)) : [];
}

/** Where a link of a package leads to, and where that one ends; none for a file, and for what is no longer there. */
function placesOf(link: string): string[] {
  try {
    return [readlinkSync(link), realpathSync(link)];
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
