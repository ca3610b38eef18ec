import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Display } from '../display/display.js';
import { InterruptedError, NxcError } from '../errors.js';
import type { LeftPrograms } from '../process/left-programs.js';
import { makeOutputs, OutputReader } from '../process/output-fifos.js';
import type { Workspace } from './command.js';

/** A script on this machine ended with a status other than 0. */
export class HostCommandError extends NxcError {}

/** Milliseconds between asking a process group to end and killing it. */
const GRACE = 1000;
/** Milliseconds for what ends just after its script, as `> >(tee log)` does. */
const LAST_WORDS = 200;

function outputTo(display: Display) {
  let output: OutputReader | undefined;
  try {
    const descriptors = makeOutputs(folder => {
      output = new OutputReader(folder, (name, text) => display.write(text, name));
    });
    return { output: output!, descriptors };
  } catch (cause) {
    output?.close();
    throw new HostCommandError({
      asked: 'no script can be run here: there is nothing to read its output from',
      found: (cause as Error).message,
      todo: `have mkfifo (of coreutils) in PATH, and room in ${tmpdir()}`,
      cause,
    });
  }
}

function cannotRun(cwd: string, cause: Error): HostCommandError {
  const todo = existsSync(cwd)
    ? { found: 'no bash in PATH', todo: 'have bash installed, and its folder in PATH (`%env PATH` shows it)' }
    : { found: `the working directory ${cwd} is gone`, todo: 'change to another one: %cd FOLDER' };
  return new HostCommandError({ asked: 'cannot run bash here', ...todo, cause });
}

export interface HostRun extends Workspace {
  display: Display;
  signal: AbortSignal;
  /** Takes note of the programs that the script leaves running. */
  left: LeftPrograms;
}

/**
 * Runs a bash script on this machine, in a process group of its own that an interrupt ends as a whole. It is over when bash has
 * ended, as in a terminal: what programs in the background write later is shown as it comes.
 */
export async function runOnHost(script: string, { cwd, env, display, signal, left }: HostRun): Promise<void> {
  if (signal.aborted) throw new InterruptedError();
  const { output, descriptors } = outputTo(display);
  const child = spawn('bash', ['-c', script], {
    cwd,
    env,
    stdio: ['ignore', descriptors.stdout, descriptors.stderr],
    detached: true,
  });
  const exited = new Promise<{ status: number } | { cause: Error }>(resolve => {
    child.once('error', cause => resolve({ cause }));
    child.once('exit', (status, how) => resolve({ status: how ? 128 + constants.signals[how] : status! }));
  });
  for (const descriptor of Object.values(descriptors)) closeSync(descriptor);
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
    killer = setTimeout(() => kill('SIGKILL'), GRACE);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const result = await exited;
    await Promise.race([output.ended, delay(LAST_WORDS)]);
    output.drain();
    if (signal.aborted) {
      // Bash is gone, but children of it that ignore SIGINT are not.
      kill('SIGKILL');
      throw new InterruptedError();
    }
    if ('cause' in result) throw cannotRun(cwd, result.cause);
    left.note(child.pid!);
    const { status } = result;
    if (status !== 0) throw new HostCommandError({ asked: `the script ended with status ${status}` });
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', interrupt);
  }
}
