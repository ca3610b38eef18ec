import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assetPath } from '../../assets.js';
import { InterruptedError, NxcError } from '../../errors.js';
import { type Isolation, namespaceArgv, systemPath } from './isolation.js';
import { marker } from './processes.js';
import type { RunFolder } from './run-folder.js';

/** Milliseconds in which every node must have booted; units that take longer are not waited for (node/units.sh). */
const launchLimit = 60_000;

/** What went wrong, without what the launcher said of it. */
class LaunchFailure extends Error {}

export interface LaunchEvents {
  /** The process to kill for an end of everything is known. */
  spawned(pid: number): Promise<void>;
  /** The node's agent serves. */
  ready(node: string): void;
  /** Its units were started. */
  booted(node: string): void;
}

/** Starts the launcher as a process tree of its own, which outlives this process. Resolves when every node has booted. */
export async function launch(
  folder: RunFolder,
  nodes: readonly string[],
  isolation: Isolation,
  events: LaunchEvents,
  signal: AbortSignal,
  limit = launchLimit,
): Promise<void> {
  const log = openSync(join(folder.path, 'launcher.log'), 'a', 0o600);
  const child = spawnLauncher(folder, isolation, log);
  closeSync(log);
  try {
    // Heard from the beginning: a launcher that fails does so while its start is being recorded.
    const booted = allBooted(child, new Set(nodes), events, signal, limit);
    booted.catch(() => {});
    if (child.pid !== undefined) await events.spawned(child.pid);
    await booted;
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    throw new NxcError({
      asked: 'the nodes cannot be started',
      found: [error.message, await lastLines(folder)].join('\n').trim(),
    });
  } finally {
    // What becomes of it later is for `status` to say.
    child.removeAllListeners();
    child.on('error', () => {});
    child.stdout?.destroy();
    child.unref();
  }
}

function spawnLauncher(folder: RunFolder, isolation: Isolation, log: number): ChildProcess {
  const script = (name: string) => assetPath(`src/flavours/local/node/${name}`);
  const argv =
    isolation === 'plain'
      ? ['bash', script('plain.sh'), folder.path]
      : [...namespaceArgv(isolation), 'bash', script('launcher.sh'), folder.path];
  return spawn(argv[0]!, argv.slice(1), {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', log],
    env: { PATH: systemPath, NXC_NODE_SCRIPT: script('node.sh'), [marker]: folder.run },
  });
}

function allBooted(
  child: ChildProcess,
  waiting: Set<string>,
  events: LaunchEvents,
  signal: AbortSignal,
  limit: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (found: string) => reject(new LaunchFailure(found));
    const interrupt = () => reject(new InterruptedError());
    if (signal.aborted) return interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    const timer = setTimeout(
      () => fail(`after ${limit / 1000} s these have not booted: ${[...waiting].join(', ')}`),
      limit,
    );
    child.stdout!.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    });
    child.once('error', error => fail(error.message));
    child.once('exit', status => fail(`the launcher ended with status ${status}`));
    createInterface({ input: child.stdout! }).on('line', line => {
      const [event, node = '', ...words] = line.split(' ');
      if (event === 'failed') fail(node === '-' ? words.join(' ') : `${node}: ${words.join(' ')}`);
      if (event === 'ready') events.ready(node);
      if (event !== 'booted') return;
      events.booted(node);
      waiting.delete(node);
      if (waiting.size === 0) resolve();
    });
  });
}

/** The end of what the launcher and starting nodes complained of. */
export async function lastLines(folder: RunFolder): Promise<string> {
  const log = await readFile(join(folder.path, 'launcher.log'), 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-5).join('\n');
}
