import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { childrenOf, descendantsOf, isAlive, type ProcessId, readAllStats } from './proc.js';

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
  let below: readonly ProcessId[] = [];
  const interrupt = () => {
    below = descendants(child.pid);
    killGroup(child.pid, 'SIGINT');
    killer = setTimeout(() => {
      killAll(descendants(child.pid));
      killGroup(child.pid, 'SIGKILL');
    }, grace);
  };
  // Builders have sessions of their own, which no signal to the group reaches, and so may what they started.
  child.once('exit', () => killAll(below));
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

function descendants(pid: number | undefined): ProcessId[] {
  return pid === undefined ? [] : descendantsOf(childrenOf(readAllStats()), pid);
}

function killAll(processes: readonly ProcessId[]): void {
  for (const each of processes) {
    try {
      if (isAlive(each)) process.kill(each.pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}
