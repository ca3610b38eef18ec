// What the main thread shares with the watchdog, which is another thread of the same process.

/** The number of the last interrupt that the main thread has heard of. */
export const heard = new Int32Array(new SharedArrayBuffer(4));
/** One of `Stop`; not `none` while the main thread does not hear of an interrupt: then its loops shall stop. */
export const stop = new Int32Array(new SharedArrayBuffer(4));

export const Stop = { none: 0, asked: 1, /** By at least one loop. */ done: 2 } as const;

export function hear(turn: number): void {
  stop[0] = Stop.none;
  Atomics.store(heard, 0, turn);
  Atomics.notify(heard, 0);
}
