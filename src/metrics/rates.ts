import type { Counters } from './counters.js';

/** What is measured without being asked. Rates are per second between two readings. */
export const measured = {
  /** Percent of one core: 200 means that two cores are busy. */
  cpu: { unit: '%', title: 'cpu (% of a core)', counter: 'cpuSeconds', factor: 100 },
  memory: { unit: 'B', gauge: 'memoryBytes' },
  'network.received': { unit: 'B/s', counter: 'receivedBytes', factor: 1 },
  'network.sent': { unit: 'B/s', counter: 'sentBytes', factor: 1 },
  'disk.read': { unit: 'B/s', counter: 'readBytes', factor: 1 },
  'disk.written': { unit: 'B/s', counter: 'writtenBytes', factor: 1 },
} as const;

type Definition = { unit: string; title?: string } & (
  | { counter: keyof Counters; factor: number }
  | { gauge: keyof Counters }
);

export interface Sample {
  metric: string;
  unit: string;
  at: number;
  value: number;
}

/** Readings further apart than this say nothing about the time between them. */
export const longestStepMs = 5000;

/** `network` of network.sent. */
export const groupOf = (metric: string): string => metric.split('.')[0]!;

/** Whether a metric, or a group of them, is measured without being asked for. */
export const isMeasured = (name: string): boolean =>
  Object.keys(measured).some(metric => metric === name || groupOf(metric) === name);

/** What an axis of this metric is called when its name and unit do not say enough. */
export function axisTitle(metric: string): string | undefined {
  return (measured as Record<string, Definition>)[metric]?.title;
}

/** What two readings of one node say; a counter that went back (the node was restarted) says nothing. */
export function samples(before: Counters | undefined, now: Counters): Sample[] {
  const elapsed = before ? now.at - before.at : 0;
  const found: Sample[] = [];
  for (const [metric, definition] of Object.entries(measured) as Array<[string, Definition]>) {
    const { unit } = definition;
    if ('gauge' in definition) {
      const value = now[definition.gauge];
      if (typeof value === 'number') found.push({ metric, unit, at: now.at, value });
      continue;
    }
    const from = before?.[definition.counter];
    const to = now[definition.counter];
    if (typeof from !== 'number' || typeof to !== 'number') continue;
    if (elapsed <= 0 || elapsed > longestStepMs || to < from) continue;
    found.push({ metric, unit, at: now.at, value: ((to - from) / (elapsed / 1000)) * definition.factor });
  }
  return found;
}
