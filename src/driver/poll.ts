import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../errors.js';

export interface PollOptions {
  timeoutMs: number;
  /** Longest pause between two tries. */
  slowestMs?: number;
  signal?: AbortSignal;
}

/** A try may take this long even when the time is nearly over, so that a quick one can still succeed. */
const shortestTryMs = 250;

/**
 * Tries at once, then with pauses that grow from 20 ms, the last time when the time is over. Resolves to undefined
 * when no try gave anything else. `attempt` is told how many milliseconds it may take.
 */
export async function poll<T>(
  attempt: (remainingMs: number) => Promise<T | undefined>,
  { timeoutMs, slowestMs = 1000, signal }: PollOptions,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  let pause = 20;
  for (;;) {
    if (signal?.aborted) throw new InterruptedError();
    const found = await attempt(Math.max(deadline - performance.now(), shortestTryMs));
    const remaining = deadline - performance.now();
    if (found !== undefined || remaining <= 0) return found;
    await sleep(Math.min(pause, remaining), undefined, { signal }).catch(() => {
      throw new InterruptedError();
    });
    pause = Math.min(pause * 1.5, slowestMs);
  }
}
