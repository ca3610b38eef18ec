import type { CounterSource, Counters } from './counters.js';
import { longestStepMs, measured, samples } from './rates.js';
import type { Absence, Entry, Values } from './store/entry.js';

/** Turns readings of a deployment's counters into entries of its log. */
export class Collector {
  #before = new Map<string, Counters>();
  #readAt = 0;
  /** What was last said to be absent. */
  #absent = '{}';

  constructor(private readonly source: CounterSource) {}

  /** One reading, now. A node that was read before and could not be read now has a gap; a source that fails counts as all of them. */
  async read(signal: AbortSignal): Promise<Entry[]> {
    const counters = await this.source.read(signal).catch(() => []);
    const at = Date.now();
    const entries: Entry[] = [];
    // This machine slept, or was busy with something else: nothing is known of the time between.
    if (this.#readAt > 0 && at - this.#readAt > longestStepMs)
      entries.push({ at: this.#readAt + 1, nodes: {}, gap: true });
    this.#readAt = at;
    const nodes = new Map<string, Values | null>();
    for (const name of this.#before.keys()) nodes.set(name, null);
    for (const reading of counters)
      nodes.set(reading.node, valuesOf(this.#before.get(reading.node), reading));
    if (nodes.size > 0) entries.push({ at, nodes: Object.fromEntries(nodes) });
    const absent = absences(counters);
    if (counters.length > 0 && JSON.stringify(absent) !== this.#absent) {
      this.#absent = JSON.stringify(absent);
      entries.unshift({ at, absent });
    }
    this.#before = new Map(counters.map(one => [one.node, one]));
    return entries;
  }
}

function valuesOf(before: Counters | undefined, now: Counters): Values {
  const found = new Map(samples(before, now).map(({ metric, value }) => [metric, value]));
  return Object.keys(measured).map(metric => {
    const value = found.get(metric);
    return value === undefined ? null : Number(value.toPrecision(Number.isInteger(value) ? 15 : 6));
  });
}

/** By group of metrics. Of several reasons the first is given, and the nodes where not all lack it. */
function absences(counters: readonly Counters[]): Record<string, Absence> {
  const found: Record<string, Absence> = {};
  for (const group of new Set(counters.flatMap(one => Object.keys(one.absent ?? {})))) {
    const lacking = counters.filter(one => one.absent?.[group] !== undefined);
    const reason = lacking[0]!.absent![group]!;
    found[group] =
      lacking.length === counters.length ? { reason } : { reason, nodes: lacking.map(one => one.node) };
  }
  return found;
}
