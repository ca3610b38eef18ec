import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { homeFolder } from '../home-folder.js';

const STORE = '/nix/store/';

/**
 * Where a store path of a build document lies on this machine (upstream's actions.py): rootless Nix, as on
 * Grid'5000, keeps its store under the home directory. First that exists wins; other paths come back unchanged.
 */
export function resolveStorePath(path: string, home = homeFolder()): string {
  if (!path.startsWith(STORE)) return path;
  const candidates = [
    join(home, '.local/share/nix/root', path),
    join(home, '.nix', path.slice('/nix/'.length)),
  ];
  return candidates.find(candidate => existsSync(candidate)) ?? path;
}

/** The file that a build link leads to. `nix build` leaves a link into the store, `local` a file. */
export function resolveBuildLink(link: string, home = homeFolder()): string {
  let target: string;
  try {
    target = readlinkSync(link);
  } catch {
    return link;
  }
  return resolveStorePath(resolve(dirname(link), target), home);
}
