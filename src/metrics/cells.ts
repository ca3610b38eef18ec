import { isAlive } from '../process/proc.js';
import type { Entry } from './store/entry.js';
import type { Tail } from './store/tail.js';

/**
 * Reads which cells have begun. Each call gives the ends of those whose kernel has ended without saying so: it was killed, and its
 * cell did not go on.
 */
export function endedCells(tail: Tail): () => Entry[] {
  const running = new Map<string, { id: number; by: string }>();
  return () => {
    tail.read(entry => {
      if ('cell' in entry) running.set(`${entry.by} ${entry.id}`, entry);
      if ('done' in entry) running.delete(`${entry.by} ${entry.done}`);
    });
    const ended = [...running].filter(([, { by }]) => !writerLives(by));
    for (const [key] of ended) running.delete(key);
    return ended.map(([, { id, by }]) => ({ at: Date.now(), done: id, by }));
  };
}

/** `by` of an entry begins with the process and its start time. */
function writerLives(by: string): boolean {
  const [pid, start] = by.split(':').map(Number);
  return Number.isInteger(pid) && pid! > 0 && isAlive({ pid: pid!, start: start! });
}
