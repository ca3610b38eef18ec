/**
 * One detached process measures a deployment, from the moment its nodes are up, whoever looks: a notebook, a terminal, or nobody
 * yet. It ends with the deployment. One that was killed is started again by whoever looks next, and the time between is a gap.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { assetPath } from '../assets.js';
import { NxcError } from '../errors.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { identify, isAlive, type ProcessId } from '../process/proc.js';
import { currentUser } from '../process/user.js';
import { reasonOf } from '../write-error.js';
import { samplerOf } from './store/lock.js';
import { Store } from './store/store.js';

const script = (): string => assetPath('dist/src/metrics/sampler-main.js');

/**
 * Sees to it that the deployment is measured, or gives the reason why it cannot be. Returns at once; of several processes that are
 * started at a time one stays.
 */
export function ensureSampler(record: DeploymentRecord): string | undefined {
  const store = new Store(record);
  if (samplerOf(store)) return undefined;
  try {
    store.create();
  } catch (error) {
    return error instanceof NxcError ? error.message : reasonOf(error as NodeJS.ErrnoException);
  }
  const { file, run } = record['x-nxc'];
  const { PATH, HOME, NXC_RUNTIME_ROOT, DOCKER_HOST } = process.env;
  const child = spawn(
    process.execPath,
    // It reads a few small files a second: little of what V8 sets aside for speed is of use to it.
    ['--max-semi-space-size=1', '--single-threaded-gc', script(), file, run],
    {
      // Not the project's folder: that may be removed or unmounted while it runs.
      cwd: '/',
      detached: true,
      stdio: 'ignore',
      env: { PATH, HOME, NXC_RUNTIME_ROOT, DOCKER_HOST, UV_THREADPOOL_SIZE: '1' },
    },
  );
  // No room for another process: the next who looks tries again.
  child.on('error', () => {});
  child.unref();
  return undefined;
}

/** Ends the process that measures this run; resolves when it is gone. */
export async function endSampler(record: DeploymentRecord): Promise<void> {
  const { run } = record['x-nxc'];
  for (const one of samplers().filter(sampler => sampler.run === run)) await one.end();
}

interface Sampler {
  run: string;
  pid: number;
  /** The record that it was started for. */
  file: string;
  end(): Promise<void>;
}

/** Those of this user on this machine. */
export function samplers(): Sampler[] {
  const found: Sampler[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const words = wordsOf(name);
    const at = words.findIndex(word => word.endsWith('/dist/src/metrics/sampler-main.js'));
    const [file, run] = words.slice(at + 1);
    if (at < 1 || !isOurs(name) || file === undefined || !/^[0-9a-f]{8}$/.test(run ?? '')) continue;
    const id = identify(Number(name));
    if (id) found.push({ run: run!, pid: id.pid, file, end: () => end(id) });
  }
  return found;
}

async function end(id: ProcessId): Promise<void> {
  for (let look = 0; isAlive(id); look++) {
    try {
      process.kill(id.pid, look < 50 ? 'SIGTERM' : 'SIGKILL');
    } catch {
      return;
    }
    await sleep(Math.min(2 << look, 20));
  }
}

function wordsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function isOurs(pid: string): boolean {
  try {
    const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(uid) === currentUser().uid;
  } catch {
    return false;
  }
}
