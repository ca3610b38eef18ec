import { accessSync, constants, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Isolation } from './isolation.js';
import { type Mount, mountsOf, under, visibleMounts } from './mounts.js';
import { programsInTmp } from './programs-in-tmp.js';

/** What a node sees at a path of its root, besides what it has of its own (/proc, /dev, /tmp …). */
export interface RootPart {
  /** Absolute path, the same on the node and on this machine. */
  path: string;
  /**
   * overlay: this machine's folder, with the node's changes kept apart. bind: read-only, and so is every mount in it. link:
   * a symbolic link to `target`. empty: a folder of the node's own.
   */
  kind: 'overlay' | 'bind' | 'link' | 'empty';
  target?: string;
  /** Of a bind: itself, then every mount below it. */
  mounts?: readonly Mount[];
}

/** A node has its own of these. */
const own = ['/proc', '/sys', '/dev', '/run', '/tmp'];

/** Here container engines mount what comes and goes, and what no node has a use for. */
const foreign = ['/var/lib/docker', '/var/lib/containers'];

/**
 * The parts of a node's root. In a user namespace the kernel refuses an overlay of a folder with mounts in it (they are
 * locked together), so there each top-level folder has its own; folders with mounts in them are read-only.
 *
 * @param packages absolute path of the build's packages
 */
export function rootPlan(isolation: Isolation, packages?: string): RootPart[] {
  const all = visibleMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  const mounts = outermost(all);
  const bind = (path: string): RootPart => ({
    path,
    kind: 'bind',
    mounts: mountsOf(path, all).filter(mount => mount.path === path || isReachable(mount.path)),
  });
  const inTmp = programsInTmp(packages, all, isolation);
  if (isolation === 'root') {
    const lasting = mounts.filter(path => !foreign.some(folder => under(path, folder)));
    return [{ path: '/', kind: 'overlay' }, ...lasting.map(bind), ...inTmp];
  }
  // Also what nobody here may look at is in the way of an overlay.
  const inTheWay = all.filter(({ path }) => foreign.some(folder => under(path, folder)));
  const blocked = [...mounts, ...inTheWay.map(({ path }) => path)];
  const parts: RootPart[] = [{ path: '/', kind: 'empty' }];
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const path = `/${entry.name}`;
    if (own.includes(path) || !/^[\w.+-]+$/.test(entry.name)) continue;
    if (entry.isSymbolicLink()) parts.push({ path, kind: 'link', target: readlinkSync(path) });
    else if (!entry.isDirectory()) continue;
    else if (!readable(path)) parts.push({ path, kind: 'empty' });
    else if (blocked.some(mount => under(mount, path))) parts.push(bind(path));
    else parts.push({ path, kind: 'overlay' });
  }
  return [...parts, ...inTmp];
}

/** Folders that something is mounted on and that a node should see, outermost only, in order. */
export function outermost(mounts: readonly Mount[]): string[] {
  const found: string[] = [];
  for (const { path } of mounts) {
    if (path === '/' || own.some(folder => under(path, folder))) continue;
    if (!/^[\w.+/-]+$/.test(path) || !isFolder(path)) continue;
    if (!found.some(folder => under(path, folder))) found.push(path);
  }
  return found;
}

/** False for what lies in a folder of somebody else's, as root file systems of containers: the node's users have no more rights. */
function isReachable(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Gone, or a file system that only the user who mounted it may see.
    return false;
  }
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
