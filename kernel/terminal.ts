import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import {
  closeScripts,
  createManager,
  InterruptedError,
  NxcError,
  runCommandLine,
  sharedController,
  TerminalDisplay,
  UsageError,
} from '../src/index.js';
import { terminalCommands } from './commands.js';
import { describeError } from './describe-error.js';

/**
 * Runs one command of the terminal to its end and leaves its exit status: 2 for words that cannot be understood,
 * 130 after Ctrl-C, 1 for every other error. The first Ctrl-C asks the command to stop, the second ends the process.
 */
export async function terminal(words: readonly string[]): Promise<void> {
  const display = new TerminalDisplay();
  const manager = createManager();
  const interruption = sharedController();
  const interrupt = () => interruption.abort(new InterruptedError());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  let status = 1;
  let unwritten: NodeJS.ErrnoException | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      unwritten ??= error;
      interrupt();
    });
  }
  try {
    const workspace = { cwd: currentFolder(), env: process.env };
    status = await runCommandLine(
      words,
      { workspace, display, signal: interruption.signal, manager, front: 'terminal' },
      terminalCommands,
    );
  } catch (error) {
    if (!unwritten) display.write(describeError(error), 'stderr');
    if (error instanceof UsageError) status = 2;
    if (interruption.signal.aborted) status = 130;
  } finally {
    await closeScripts(manager);
    await manager.close();
    display.close();
  }
  leave(() => (unwritten ? unwritable(unwritten) : status));
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new NxcError({
      asked: 'the folder that you are in does not exist any more',
      todo: 'cd to another one; `nxc status --all` and `nxc stop --all` work from any',
      cause,
    });
  }
}

/** The status of a command whose output could not be written. A reader that has seen enough (`| head`) is no error. */
function unwritable(error: NodeJS.ErrnoException): number {
  if (error.code === 'EPIPE') return 128 + constants.signals.SIGPIPE;
  writeSync(process.stderr.fd, `the output cannot be written: ${error.message}\n`);
  return 1;
}

/** Everything is closed: what still holds the process is of no use. Output in flight is written first, or has failed. */
function leave(status: () => number): void {
  const exit = () => process.exit(status());
  process.stdout.write('', () => process.stderr.write('', () => setImmediate(exit)));
}
