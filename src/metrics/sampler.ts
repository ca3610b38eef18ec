import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecorded } from '../deployment/record-store.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { loadCounters, loadFlavour } from '../flavours/registry.js';
import { endedCells } from './cells.js';
import { Collector } from './collector.js';
import { compact, seal } from './store/compact.js';
import { hasLock, takeLock } from './store/lock.js';
import { limit, Store } from './store/store.js';
import { Tail } from './store/tail.js';

const periodMs = 1000;
/** Readings in a row that found no node, after which it is asked whether there is a deployment at all. */
const patience = 30;

/**
 * Measures a deployment once a second for as long as it is recorded and nodes of it are there, never two readings at a time.
 * Resolves when that is over, or at once when another process does it.
 */
export async function sample(record: DeploymentRecord, signal: AbortSignal): Promise<void> {
  const store = new Store(record);
  store.create();
  if (!takeLock(store)) return;
  const collector = new Collector((await loadCounters(record['x-nxc'].flavour))(record));
  const watch = endedCells(new Tail(store));
  // Whoever measured before has ended: what was between is not known.
  let failed = true;
  let empty = 0;
  while (!signal.aborted && hasLock(store) && (await isRecorded(record))) {
    const began = performance.now();
    const entries = await collector.read(signal);
    if (signal.aborted) return;
    empty = entries.length === 0 ? empty + 1 : 0;
    if (empty >= patience && (await isGone(record))) return;
    if (empty >= patience) empty = 0;
    const gap =
      failed && entries.length > 0 ? [{ at: entries[0]!.at - 1, nodes: {}, gap: true as const }] : [];
    const problem = store.append([...gap, ...entries, ...watch()]);
    if (problem !== undefined || failed) store.setProblem(problem);
    failed = problem !== undefined || (failed && entries.length === 0);
    keepBounded(store);
    await sleep(Math.max(0, periodMs - (performance.now() - began)), undefined, { signal }).catch(() => {});
  }
}

async function isGone(record: DeploymentRecord): Promise<boolean> {
  const nodes = await (await loadFlavour(record['x-nxc'].flavour)).status(record);
  return nodes.every(({ state }) => state === 'gone');
}

/** What was sealed becomes history a second later: whoever had opened it has written by then. */
function keepBounded(store: Store): void {
  try {
    if (statSync(store.file('sealed.jsonl'), { throwIfNoEntry: false })) compact(store);
    else if ((statSync(store.file('log.jsonl'), { throwIfNoEntry: false })?.size ?? 0) > limit) seal(store);
  } catch {
    // A full disk: later.
  }
}
