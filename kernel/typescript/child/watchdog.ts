import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { channels, messageReader, type ToChild } from '../messages.js';

// A thread beside the one that runs cells. It hears of an interrupt while their code loops, and of the front's death.

/** Milliseconds in which the main thread must say that it has heard of the interrupt itself. */
const PATIENCE = 50;

const turn = workerData as Int32Array;
const session = new Session();
session.connectToMainThread();

const front = new Socket({ fd: channels.watchdog, readable: true, writable: false });
front.on(
  'data',
  messageReader<ToChild>(message => message.type === 'interrupt' && interrupt(message.turn)),
);
front.on('close', () => process.kill(-process.pid, 'SIGKILL'));
front.on('error', () => process.kill(-process.pid, 'SIGKILL'));

function interrupt(wanted: number): void {
  // A main thread that lives must not be terminated: outside a cell's code that ends the process.
  if (heard(wanted)) return;
  if (sleeps()) {
    // It waits for a program (`execSync`), or in vain: Ctrl-C goes to the programs first.
    process.kill(-process.pid, 'SIGINT');
    if (heard(wanted)) return;
  }
  session.post('Runtime.terminateExecution');
}

function heard(wanted: number): boolean {
  const seen = Atomics.load(turn, 0);
  return seen >= wanted || Atomics.wait(turn, 0, seen, PATIENCE) !== 'timed-out';
}

/** Whether the main thread is blocked in the system rather than busy; true where that cannot be told. */
function sleeps(): boolean {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'R';
  } catch {
    return true;
  }
}
