import { randomBytes } from 'node:crypto';
import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { identify, isAlive, type ProcessId } from '../../process/proc.js';
import type { Store } from './store.js';

/** Who samples a deployment. */
export interface Holder extends ProcessId {
  host: string;
}

/** The process that samples, when it lives. Of one on another machine nothing can be known here. */
export function samplerOf(store: Store): Holder | undefined {
  const holder = read(store.file('sampler'));
  return holder && (holder.host !== hostname() || isAlive(holder)) ? holder : undefined;
}

/** Makes this process the one that samples. False when another one does. */
export function takeLock(store: Store): boolean {
  const path = store.file('sampler');
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      symlinkSync(own(), path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (samplerOf(store)) return false;
    // Moved away before it is looked at again: only one of several can have moved it, and what it moved it can judge.
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      renameSync(path, aside);
    } catch {
      continue;
    }
    const moved = read(aside);
    rmSync(aside, { force: true });
    if (moved && isAlive(moved)) return false;
  }
  return false;
}

/** Asked again and again: somebody may have moved the lock of a living process away, and both cannot go on. */
export function hasLock(store: Store): boolean {
  try {
    return readlinkSync(store.file('sampler')) === own();
  } catch {
    return false;
  }
}

const own = (): string => `${process.pid}:${identify(process.pid)?.start}:${hostname()}`;

function read(path: string): Holder | undefined {
  try {
    const [, pid, start, host] = /^(\d+):(\d+):(.+)$/.exec(readlinkSync(path)) ?? [];
    return host === undefined ? undefined : { pid: Number(pid), start: Number(start), host };
  } catch {
    return undefined;
  }
}
