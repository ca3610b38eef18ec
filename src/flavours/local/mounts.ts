/** A mount of this machine (proc_pid_mountinfo(5)). */
export interface Mount {
  path: string;
  /** Its options that a user namespace must repeat, since it may not lift them: `nosuid`, `nodev`, `noexec`. */
  flags: string[];
}

interface Entry extends Mount {
  id: string;
  parent: string;
}

const lasting = ['nosuid', 'nodev', 'noexec'];

export const under = (path: string, folder: string): boolean =>
  path === folder || folder === '/' || path.startsWith(`${folder}/`);

/** The mounts that a path can lead to, outer ones first; what another mount hides is left out. */
export function visibleMounts(mountinfo: string): Mount[] {
  const entries = mountinfo.split('\n').filter(Boolean).map(entryOf);
  const byId = new Map(entries.map(entry => [entry.id, entry]));
  const hidden = (entry: Entry): boolean => {
    const parent = byId.get(entry.parent);
    if (!parent || parent === entry) return false;
    const inTheWay = entries.some(
      other =>
        other !== entry &&
        other.parent === parent.id &&
        other.path !== entry.path &&
        under(entry.path, other.path),
    );
    return inTheWay || hidden(parent);
  };
  // Of mounts on one path the newest is on top.
  const visible = new Map<string, Mount>();
  for (const entry of entries) if (!hidden(entry)) visible.set(entry.path, entry);
  return [...visible.values()]
    .map(({ path, flags }) => ({ path, flags }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What binding `path` with all that is mounted in it brings, `path` first; it is on the last mount that it is under. */
export function mountsOf(path: string, mounts: readonly Mount[]): Mount[] {
  const holder = mounts.findLast(mount => under(path, mount.path));
  return [
    { path, flags: holder?.flags ?? [] },
    ...mounts.filter(mount => mount.path !== path && under(mount.path, path)),
  ];
}

function entryOf(line: string): Entry {
  const [id = '', parent = '', , , path = '', options = ''] = line.split(' ');
  return {
    id,
    parent,
    path: path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    flags: options.split(',').filter(option => lasting.includes(option)),
  };
}
