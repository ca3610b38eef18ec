import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import type { Display } from '../display/display.js';
import { InterruptedError, NxcError } from '../errors.js';
import type { Workspace } from './command.js';

/** A script on this machine ended with a status other than 0. */
export class HostCommandError extends NxcError {}

/** Milliseconds between asking a process group to end and killing it. */
const GRACE = 1000;

/** Runs a bash script on this machine, in a process group of its own that an interrupt ends as a whole. */
export async function runOnHost(
  script: string,
  { cwd, env, display, signal }: Workspace & { display: Display; signal: AbortSignal },
): Promise<void> {
  if (signal.aborted) throw new InterruptedError();
  const child = execa('bash', ['-c', script], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    encoding: 'buffer',
    detached: true,
    cleanup: false,
    reject: false,
  });
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    child[name].on('data', (chunk: Buffer) => display.write(decoder.write(chunk), name));
    child[name].on('end', () => display.write(decoder.end(), name));
  }
  const kill = (how: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, how);
    } catch {
      // All of the group is gone.
    }
  };
  let killer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    kill('SIGINT');
    killer = setTimeout(() => {
      kill('SIGKILL');
      // What left the group may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, GRACE);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const result = await child;
    if (signal.aborted) {
      // Bash is gone, but children of it that ignore SIGINT are not.
      kill('SIGKILL');
      throw new InterruptedError();
    }
    if (result.code === 'ENOENT') {
      throw new HostCommandError({
        asked: 'cannot run bash here',
        found: `no bash in PATH, or no folder ${cwd}`,
        cause: result,
      });
    }
    const status = result.signal ? 128 + constants.signals[result.signal] : result.exitCode;
    if (status !== 0) throw new HostCommandError({ asked: `the script ended with status ${status}` });
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', interrupt);
  }
}
