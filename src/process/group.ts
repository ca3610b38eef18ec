import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { childrenOf, descendantsOf, readAllStats } from './proc.js';

export interface GroupOptions {
  cwd: string;
  /** When it is aborted, the whole group is asked to end, and killed when it does not. */
  signal: AbortSignal;
  /** Milliseconds between asking and killing. */
  grace: number;
  env?: NodeJS.ProcessEnv;
  onStdout?(text: string): void;
  onStderr?(text: string): void;
}

/** How a program ended: its exit status, or 128 and more for a signal as shells count. */
export interface GroupResult {
  status: number;
}

/**
 * Runs a program of this machine in a process group of its own. An abort sends SIGINT to the group; what is still
 * there after the grace is killed, processes that left the group included. Rejects only when the program cannot be run.
 */
export async function runGroup(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env, signal, grace, onStdout, onStderr }: GroupOptions,
): Promise<GroupResult> {
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
  });
  decode(child.stdout, onStdout);
  decode(child.stderr, onStderr);
  let killer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    killGroup(child.pid, 'SIGINT');
    killer = setTimeout(() => killTree(child.pid), grace);
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, how) => resolve({ status: status ?? statusOf(how) }));
    });
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', interrupt);
  }
}

function decode(stream: Readable, take: ((text: string) => void) | undefined): void {
  const decoder = new StringDecoder('utf8');
  stream.on('data', (chunk: Buffer) => take?.(decoder.write(chunk)));
  stream.on('end', () => take?.(decoder.end()));
}

const statusOf = (signal: NodeJS.Signals | null): number => (signal ? 128 + constants.signals[signal] : 1);

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // All of the group is gone.
  }
}

/** Builders are in sessions of their own, where a signal to the group does not reach them. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  const below = descendantsOf(childrenOf(readAllStats()), pid);
  killGroup(pid, 'SIGKILL');
  for (const { pid } of below) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}
