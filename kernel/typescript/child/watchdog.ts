import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { channels, messageReader, type ToChild } from '../messages.js';
import { Stop } from './stop.js';

// A thread beside the one that runs cells. It hears of an interrupt while their code loops, and of the front's death.

/** Milliseconds that the main thread has, each time, to say that it has heard of the interrupt. */
const PATIENCE = 40;
/** The same while a program that was told to end does so, and after a loop did stop: its error is on the way. */
const PATIENCE_WITH_PROGRAMS = 200;
const PATIENCE_WITH_ERRORS = 400;
/** Milliseconds of a tick, in which Linux counts computing time. */
const TICK = 10;

const { heard, stop } = workerData as { heard: Int32Array; stop: Int32Array };

const front = new Socket({ fd: channels.watchdog, readable: true, writable: false });
front.on(
  'data',
  messageReader<ToChild>(message => message.type === 'interrupt' && interrupt(message.turn)),
);
front.on('close', () => process.kill(-process.pid, 'SIGKILL'));
front.on('error', () => process.kill(-process.pid, 'SIGKILL'));

/**
 * From the kindest to the last means: it hears itself, its loops stop, the programs it waits for stop, it is terminated.
 * V8's inspector aborts the process when it is terminated while it reports an error, so that comes late.
 */
function interrupt(turn: number): void {
  if (hasHeard(turn)) return;
  stop[0] = Stop.asked;
  const stopped =
    hasHeard(turn) ||
    (mainThread().isBlocked && endPrograms() && hasHeard(turn, PATIENCE_WITH_PROGRAMS)) ||
    (stop[0] === Stop.done && hasHeard(turn, PATIENCE_WITH_ERRORS));
  // It may have heard just before loops were asked to stop.
  if (stopped) stop[0] = Stop.none;
  else terminate();
}

function endPrograms(): boolean {
  return process.kill(-process.pid, 'SIGINT');
}

/** Connected no longer than it takes: a process with a connected debugger says on exit that it waits for it. */
function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

/** Waits longer where the main thread could run and was not let: on a busy machine it does not hear in time. */
function hasHeard(turn: number, patience = PATIENCE): boolean {
  const { computed } = mainThread();
  for (;;) {
    const seen = Atomics.load(heard, 0);
    if (seen >= turn || Atomics.wait(heard, 0, seen, patience) !== 'timed-out') return true;
    const now = mainThread();
    if (now.isBlocked || now.computed - computed >= PATIENCE / 2) return false;
  }
}

/**
 * Whether the main thread waits in the system, as in `execSync`, rather than computes, and for how many milliseconds it has
 * computed so far (proc(5), `stat`). Where that cannot be told it counts as blocked.
 */
function mainThread(): { isBlocked: boolean; computed: number } {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { isBlocked: fields[0] !== 'R', computed: (Number(fields[11]) + Number(fields[12])) * TICK };
  } catch {
    return { isBlocked: true, computed: 0 };
  }
}
