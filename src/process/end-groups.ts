import { setTimeout } from 'node:timers/promises';

/** Milliseconds between two looks at whether programs have ended. */
const LOOK = 20;

/** Asks process groups to end, and kills those that have not done so after `graceMs`. */
export async function endGroups(groups: readonly number[], graceMs: number): Promise<void> {
  const left = groups.filter(group => signalGroup(group, 'SIGTERM'));
  const deadline = Date.now() + graceMs;
  while (left.some(group => signalGroup(group, 0)) && Date.now() < deadline) await setTimeout(LOOK);
  for (const group of left) signalGroup(group, 'SIGKILL');
}

/** False when nobody is left in the group. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
