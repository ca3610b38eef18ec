import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a container's cgroup tells, whichever version it is of. */
export interface Usage {
  cpuSeconds: number;
  memoryBytes: number;
  /** Absent, with `absent`, where no controller counts them. */
  readBytes?: number;
  writtenBytes?: number;
  absent?: { disk: string };
}

const noDisk = { absent: { disk: "this machine's cgroups have no io controller" } };

/**
 * The cgroup of a container as this machine has it; undefined when it cannot be seen from here. Kernel documentation:
 * admin-guide/cgroup-v2 and admin-guide/cgroup-v1.
 */
export class Cgroup {
  private constructor(private readonly read: () => Usage) {}

  /** `pid`: the container's first process. Throws when the container has ended. */
  usage(): Usage {
    return this.read();
  }

  static of(id: string, pid: number): Cgroup | undefined {
    const paths = pathsOf(id, pid);
    const unified = folder('', paths.get(''));
    if (unified && existsSync(join(unified, 'memory.current'))) return new Cgroup(() => readUnified(unified));
    const cpu = folder('cpuacct', paths.get('cpuacct'));
    const memory = folder('memory', paths.get('memory'));
    const disk = folder('blkio', paths.get('blkio'));
    return cpu && memory ? new Cgroup(() => readControllers(cpu, memory, disk)) : undefined;
  }
}

/**
 * By controller ('' is version 2) the path below the controller's mount. A container whose init is systemd has its processes
 * further down: the container's own cgroup is the one that is named after it.
 */
function pathsOf(id: string, pid: number): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text(`/proc/${pid}/cgroup`).split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const parts = path.split('/');
    const at = parts.findIndex(part => part.includes(id));
    if (at < 0) continue;
    for (const controller of controllers.split(',')) found.set(controller, parts.slice(0, at + 1).join('/'));
  }
  return found;
}

let mounts: Map<string, string> | undefined;

/** Absolute path of a cgroup, when that controller is mounted here. */
function folder(controller: string, path: string | undefined): string | undefined {
  mounts ??= cgroupMounts(text('/proc/self/mounts'));
  const mount = mounts.get(controller);
  const found = mount !== undefined && path !== undefined ? join(mount, path) : undefined;
  return found && existsSync(found) ? found : undefined;
}

/** Mount points by controller, '' for version 2; lines of proc(5) mounts. */
export function cgroupMounts(lines: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines.split('\n')) {
    const [, point = '', type, options = ''] = line.split(' ');
    if (type === 'cgroup2') found.set('', point);
    if (type === 'cgroup') for (const option of options.split(',')) found.set(option, point);
  }
  return found;
}

function readUnified(at: string): Usage {
  return {
    cpuSeconds: field(readFileSync(join(at, 'cpu.stat'), 'latin1'), 'usage_usec') / 1e6,
    memoryBytes:
      Number(text(join(at, 'memory.current'))) - field(text(join(at, 'memory.stat')), 'inactive_file'),
    ...diskOf(join(at, 'io.stat'), /\brbytes=(\d+)/g, /\bwbytes=(\d+)/g),
  };
}

function readControllers(cpu: string, memory: string, disk: string | undefined): Usage {
  return {
    cpuSeconds: Number(readFileSync(join(cpu, 'cpuacct.usage'), 'latin1')) / 1e9,
    memoryBytes:
      Number(text(join(memory, 'memory.usage_in_bytes'))) -
      field(text(join(memory, 'memory.stat')), 'total_inactive_file'),
    ...(disk
      ? diskOf(
          join(disk, 'blkio.throttle.io_service_bytes_recursive'),
          /^\d+:\d+ Read (\d+)$/gm,
          /^\d+:\d+ Write (\d+)$/gm,
        )
      : noDisk),
  };
}

/** A file that is there and names no disk yet says that nothing was read or written. */
function diskOf(file: string, read: RegExp, written: RegExp) {
  let io: string;
  try {
    io = readFileSync(file, 'latin1');
  } catch {
    return noDisk;
  }
  return { readBytes: sum(io, read), writtenBytes: sum(io, written) };
}

const field = (lines: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(lines)?.[1] ?? 0);

const sum = (lines: string, number: RegExp): number =>
  [...lines.matchAll(number)].reduce((total, [, digits]) => total + Number(digits), 0);

function text(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
