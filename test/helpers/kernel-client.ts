import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KernelClient } from '../../kernel/protocol/client.js';
import {
  type Connection,
  freshConnection,
  readConnectionFile,
  writeConnectionFile,
} from '../../kernel/protocol/connection-file.js';
import type { Content, Message } from '../../kernel/protocol/message.js';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The kernel as users have it; the path of the connection file is appended. */
export const REAL_KERNEL = [process.execPath, fromRoot('dist/kernel/main.cjs'), 'kernel', 'start', '-f'];
/** The same session with cells of plain JavaScript. */
export const JAVASCRIPT_KERNEL = [process.execPath, fromRoot('test/helpers/javascript-kernel.mjs')];

export interface KernelProcess {
  client: KernelClient;
  process: ChildProcess;
  connection: Connection;
  /** The connection file. */
  file: string;
  /** What the process has written so far, stdout and stderr. */
  log: () => string;
  /** Its exit code, or the signal that ended it. */
  exited: Promise<number | string>;
  /** Ends it however it is, and removes its files. */
  stop: () => Promise<void>;
}

export interface StartOptions {
  command?: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Connection file of an earlier kernel, for one that is restarted. */
  file?: string;
  /** Changes the connection before it is written. */
  connection?: (fresh: Connection) => Connection;
}

/**
 * Spawns a kernel as a front-end does: with a process group of its own and a connection file. The history goes to a file of
 * this kernel alone unless `env.NXC_HISTORY` says otherwise.
 */
export async function spawnKernel(options: StartOptions = {}): Promise<Omit<KernelProcess, 'client'>> {
  const { command = JAVASCRIPT_KERNEL, env = {}, cwd, connection: change = fresh => fresh } = options;
  if (!existsSync(fromRoot('dist/kernel/session/serve.js')))
    throw new Error('not built: run npm run build first');
  const file = options.file ?? join(await mkdtemp(join(tmpdir(), 'nxc-kernel-')), 'kernel.json');
  const folder = dirname(file);
  const connection = options.file ? await readConnectionFile(file) : change(await freshConnection('nxc'));
  if (!options.file) await writeConnectionFile(file, connection);

  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, [...args, file], {
    cwd: cwd ?? folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NXC_HISTORY: join(folder, 'history.jsonl'),
      JPY_PARENT_PID: `${process.pid}`,
      ...env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      log += text;
    });
  }
  const exited = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | string);
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  return { process: child, connection, file, log: () => log, exited, stop };
}

/** Spawns a kernel and waits until it answers. */
export async function startKernel(options: StartOptions = {}): Promise<KernelProcess> {
  const spawned = await spawnKernel(options);
  const client = new KernelClient(spawned.connection);
  const exited = spawned.exited.then(status => {
    client.close(new Error(`the kernel has ended (${status}):\n${spawned.log()}`));
    return status;
  });
  const stop = async () => {
    client.close();
    await spawned.stop();
  };
  try {
    await client.ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...spawned, client, exited, stop };
}

/** Runs a cell and gives back its reply and what it wrote until it was done. */
export async function run(
  client: KernelClient,
  code: string,
  options: Parameters<KernelClient['execute']>[1] = {},
): Promise<{ reply: Content; outputs: Message[] }> {
  const outputs: Message[] = [];
  const reply = await client.execute(code, { onOutput: message => outputs.push(message), ...options });
  return { reply, outputs: [...outputs] };
}

/** Types of messages, in order. */
export function types(messages: readonly Message[]): string[] {
  return messages.map(({ header }) => header.msg_type);
}

/** All text of one stream, joined. */
export function streamText(messages: readonly Message[], name: 'stdout' | 'stderr' = 'stdout'): string {
  return messages
    .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('');
}
