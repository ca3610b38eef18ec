import { accessSync, constants, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Isolation } from './isolation.js';

/** What a node sees at a path of its root, besides what it has of its own (/proc, /dev, /tmp …). */
export interface RootPart {
  /** Absolute path, the same on the node and on this machine. */
  path: string;
  /**
   * overlay: this machine's folder, with the node's changes kept apart. bind: read-only. link: a symbolic link to `target`.
   * empty: a folder of the node's own.
   */
  kind: 'overlay' | 'bind' | 'link' | 'empty';
  target?: string;
}

/** A node has its own of these. */
const own = ['/proc', '/sys', '/dev', '/run', '/tmp'];
const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/**
 * The parts of a node's root. In a user namespace the kernel refuses an overlay of a folder with mounts in it (they are
 * locked together), so there each top-level folder has its own; folders with mounts in them are read-only.
 */
export function rootPlan(isolation: Isolation): RootPart[] {
  const mounts = mountPoints(readFileSync('/proc/self/mountinfo', 'utf8'));
  if (isolation === 'root') return [{ path: '/', kind: 'overlay' }, ...mounts.map(bind)];
  const parts: RootPart[] = [{ path: '/', kind: 'empty' }];
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const path = `/${entry.name}`;
    if (own.includes(path) || !/^[\w.+-]+$/.test(entry.name)) continue;
    if (entry.isSymbolicLink()) parts.push({ path, kind: 'link', target: readlinkSync(path) });
    else if (!entry.isDirectory()) continue;
    else if (!readable(path)) parts.push({ path, kind: 'empty' });
    else if (mounts.some(mount => under(mount, path))) parts.push(bind(path));
    else parts.push({ path, kind: 'overlay' });
  }
  return parts;
}

const bind = (path: string): RootPart => ({ path, kind: 'bind' });

/** Folders that something is mounted on and that a node should see, outermost only, in order. */
export function mountPoints(mountinfo: string): string[] {
  const paths = mountinfo
    .split('\n')
    .map(line => line.split(' ')[4])
    .filter(path => path !== undefined && path !== '/')
    .map(path => path!.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))))
    .filter(path => !own.some(folder => under(path, folder)) && /^[\w.+/-]+$/.test(path) && isFolder(path))
    .sort();
  const outermost: string[] = [];
  for (const path of paths) if (!outermost.some(folder => under(path, folder))) outermost.push(path);
  return outermost;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
