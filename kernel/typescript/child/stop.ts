import { InterruptedError } from '../../../src/client.js';

// What the main thread shares with the watchdog, which is another thread of the same process.

/** The number of the last interrupt that the main thread has heard of. */
export const heard = new Int32Array(new SharedArrayBuffer(4));
/** Not 0 while the main thread does not hear of an interrupt: then its loops shall stop. */
export const stop = new Int32Array(new SharedArrayBuffer(4));

/** Called by a loop of a cell that finds `stop` set. */
export function stopHere(): never {
  throw new InterruptedError();
}

export function hear(turn: number): void {
  stop[0] = 0;
  Atomics.store(heard, 0, turn);
  Atomics.notify(heard, 0);
}
