import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, looking every 10 ms; fails after `limit` milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, limit = 20_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so after ${limit} ms: ${condition}`);
    await sleep(10);
  }
}
