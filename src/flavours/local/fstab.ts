import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Isolation } from './isolation.js';
import type { Mount } from './mounts.js';
import { isInTmp } from './programs-in-tmp.js';
import type { RootPart } from './root-plan.js';
import type { RunFolder } from './run-folder.js';

/** Host devices that a node has. */
export const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

const line = (source: string, target: string, type: string, options: string): string =>
  [source, target, type, options].map(escaped).concat('0 0').join(' ');

/** fstab(5) writes a space as \040. */
const escaped = (word: string): string =>
  word.replace(/[\s\\]/g, c => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** The build's packages, wherever the project is moved while the deployment runs. */
const packagesIn = (folder: RunFolder): string => join(folder.path, 'fs/packages');

/** What the launcher mounts once for all nodes: memory for their changes, the devices, and the build's packages. */
export function launcherFstab(folder: RunFolder, packages: string | undefined): string {
  const bind = (name: string) => line(`/dev/${name}`, join(folder.path, 'dev', name), 'none', 'bind');
  return [
    line('nxc', join(folder.path, 'fs'), 'tmpfs', 'mode=755'),
    ...devices.map(bind),
    ...(packages ? [line(packages, packagesIn(folder), 'none', 'bind,X-mount.mkdir')] : []),
    '',
  ].join('\n');
}

/** Folders of the changes of a node, relative to the memory that launcherFstab mounts; each overlay needs two. */
export function changeFolders(node: string, plan: readonly RootPart[]): string[] {
  return overlays(plan).flatMap((_, i) => [join(node, `${i}.upper`), join(node, `${i}.work`)]);
}

const overlays = (plan: readonly RootPart[]): RootPart[] =>
  plan.filter(({ path, kind }) => kind === 'overlay' || path === '/');

/** Mounts of this machine that a root shows, a line each, as mountinfo and fstab write them. */
export function mountsList(plan: readonly RootPart[], isolation: Isolation): string {
  // In a user namespace the first of a part is a top-level folder, and stays whatever becomes of the mounts in it.
  return plan
    .flatMap(({ mounts = [] }) => mounts.slice(isolation === 'user' ? 1 : 0))
    .map(({ path }) => `${escaped(path)}\n`)
    .join('');
}

/** The root of one node, for `mount -a`: one process makes all of it. */
export function nodeFstab(
  folder: RunFolder,
  node: { name: string; role: string },
  plan: readonly RootPart[],
  isolation: Isolation,
  sharedDirs: readonly string[],
  packages: string | undefined,
): string {
  const root = join(folder.path, 'root');
  // On this machine's disk, and copied by the launcher to where overlays take it from.
  const written = join(folder.role(node.role), 'layer');
  const layer = join(folder.path, 'fs/roles', node.role, 'layer');
  // No `,` or `:` here, which overlay's options cannot hold: start.ts looks at roles, nodes are named as hosts, the rest is ours or rootPlan's.
  const overlay = (part: RootPart): string => {
    const { path, kind } = part;
    const i = overlays(plan).indexOf(part);
    const lower = [
      ...(existsSync(join(written, path)) ? [join(layer, path)] : []),
      ...(kind === 'overlay' ? [path] : []),
    ];
    const changes = join(folder.path, 'fs', node.name, String(i));
    const options = [`lowerdir=${lower.join(':')}`, `upperdir=${changes}.upper`, `workdir=${changes}.work`];
    if (isolation === 'user') options.push('userxattr');
    if (isInTmp(part)) options.push('X-mount.mkdir');
    return line('overlay', join(root, path), 'overlay', options.join(','));
  };
  // Before Linux 5.12 `ro` is of one mount alone: what came with a bind is made read-only mount by mount.
  const readOnly = ({ path, flags }: Mount, i: number): string =>
    line(
      path,
      join(root, path),
      'none',
      [i === 0 ? 'rbind,X-mount.mkdir' : 'remount,bind', 'ro', ...flags].join(','),
    );
  const mounted = (parts: readonly RootPart[]): string[] => [
    ...overlays(parts).map(overlay),
    ...parts.flatMap(({ mounts = [] }) => mounts.map(readOnly)),
  ];
  const shared = (path: string): string =>
    line(
      join(folder.path, 'fs', 'shared', encodeURIComponent(path)),
      join(root, path),
      'none',
      'bind,X-mount.mkdir',
    );
  return [
    ...mounted(plan.filter(part => !isInTmp(part))),
    line('proc', join(root, 'proc'), 'proc', 'nosuid,nodev,noexec'),
    // The kernel's settings are the machine's, but for those of the node's own network.
    line(join(root, 'proc/sys'), join(root, 'proc/sys'), 'none', 'bind,ro'),
    line('/proc/sys/net', join(root, 'proc/sys/net'), 'none', 'bind'),
    ...['/proc/sysrq-trigger']
      .filter(existsSync)
      .map(path => line('/dev/null', join(root, path), 'none', 'bind')),
    line('sysfs', join(root, 'sys'), 'sysfs', 'ro,nosuid,nodev,noexec'),
    line(join(folder.path, 'dev'), join(root, 'dev'), 'none', 'rbind,ro'),
    line('devpts', join(root, 'dev/pts'), 'devpts', 'newinstance,ptmxmode=0666,mode=620'),
    line('tmpfs', join(root, 'dev/shm'), 'tmpfs', 'mode=1777,nosuid,nodev'),
    line('tmpfs', join(root, 'tmp'), 'tmpfs', 'mode=1777'),
    ...mounted(plan.filter(isInTmp)),
    line('tmpfs', join(root, 'run'), 'tmpfs', 'mode=755'),
    line(folder.node(node.name), join(root, 'run/nxc'), 'none', 'bind,X-mount.mkdir'),
    ...sharedDirs.map(shared),
    ...(packages ? [line(packagesIn(folder), join(root, packages), 'none', 'bind,ro,X-mount.mkdir')] : []),
    // This machine's Node may lie where the node's users may not go, or where the node has a folder of its own.
    line(process.execPath, join(root, 'etc/nxc/lib/node'), 'none', 'bind'),
    '',
  ].join('\n');
}
