import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { channels, messageReader, type ToChild } from '../messages.js';

// A thread beside the one that runs cells. It hears of an interrupt while their code loops, and of the front's death.

/** Milliseconds that the main thread has, each time, to say that it has heard of the interrupt. */
const PATIENCE = 40;

const { heard, stop } = workerData as { heard: Int32Array; stop: Int32Array };

const front = new Socket({ fd: channels.watchdog, readable: true, writable: false });
front.on(
  'data',
  messageReader<ToChild>(message => message.type === 'interrupt' && interrupt(message.turn)),
);
front.on('close', () => process.kill(-process.pid, 'SIGKILL'));
front.on('error', () => process.kill(-process.pid, 'SIGKILL'));

/** From the kindest to the last means: it hears itself, its loops stop, the programs it waits for stop, it is terminated. */
function interrupt(turn: number): void {
  if (hasHeard(turn)) return;
  stop[0] = 1;
  if (hasHeard(turn)) return;
  if (isBlocked()) {
    process.kill(-process.pid, 'SIGINT');
    if (hasHeard(turn)) return;
  }
  terminate();
}

/** Connected no longer than it takes: a process with a connected debugger says on exit that it waits for it. */
function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

function hasHeard(turn: number): boolean {
  const seen = Atomics.load(heard, 0);
  return seen >= turn || Atomics.wait(heard, 0, seen, PATIENCE) !== 'timed-out';
}

/** Whether the main thread waits in the system, as in `execSync`, rather than computes; true where that cannot be told. */
function isBlocked(): boolean {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'R';
  } catch {
    return true;
  }
}
