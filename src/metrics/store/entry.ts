import { measured } from '../rates.js';

/** What is measured of a node at one time, in the order of `measured`; null where a value is absent. */
export type Values = ReadonlyArray<number | null>;

/** A fault, or another change of a node that explains what a plot shows. */
export interface Mark {
  what: 'killed' | 'shut down' | 'paused' | 'unplugged' | 'cut' | 'shaped';
  nodes: readonly string[];
  /** Of a cut, the nodes that the first ones do not reach; of a shaped node, how. */
  detail?: string;
}

/**
 * A line of a deployment's log. `at` is Unix time in milliseconds, `by` the process that wrote it where that matters.
 * - nodes: a sample of each node; null: nothing is known of the node from here to its next sample; `gap`: of no node.
 * - point: a value of the user's own.
 * - cell, done: a cell began, and ended.
 * - mark, over: a fault began; all of that kind ended, those of these nodes or of every node.
 * - absent: metrics that cannot be measured here, and why.
 */
export type Entry = { at: number } & (
  | { nodes: Readonly<Record<string, Values | null>>; gap?: true }
  | { point: string; node?: string; unit?: string; value: number; by: string }
  | { cell: string; id: number; by: string }
  | { done: number; by: string }
  | { mark: Mark }
  | { over: readonly Mark['what'][]; nodes?: readonly string[] }
  | { absent: Readonly<Record<string, Absence>> }
);

/** Why a metric is absent; of all nodes where none are named. */
export interface Absence {
  reason: string;
  nodes?: readonly string[];
}

export function formatEntry(entry: Entry): string {
  // JSON has neither infinities nor -0.
  if (!('point' in entry)) return JSON.stringify(entry);
  const { value } = entry;
  const plain = Number.isFinite(value) && !Object.is(value, -0);
  return JSON.stringify(plain ? entry : { ...entry, value: Object.is(value, -0) ? '-0' : String(value) });
}

/** Undefined when the line is none of ours, whole: a write may have been cut off, and the file may be anybody's. */
export function parseEntry(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entry = value as Record<string, unknown>;
  if (typeof entry.at !== 'number' || !Number.isFinite(entry.at)) return undefined;
  if (typeof entry.point === 'string' && typeof entry.value === 'string') entry.value = Number(entry.value);
  return isEntry(entry) ? (entry as unknown as Entry) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1000;
const isTextOrNothing = (value: unknown) => value === undefined || isText(value);
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isEntry(entry: Record<string, unknown>): boolean {
  if ('over' in entry) return areTexts(entry.over) && (entry.nodes === undefined || areTexts(entry.nodes));
  if ('nodes' in entry) return isRecord(entry.nodes) && Object.values(entry.nodes).every(isSample);
  if ('point' in entry) {
    return (
      isText(entry.point) &&
      typeof entry.value === 'number' &&
      isTextOrNothing(entry.node) &&
      isTextOrNothing(entry.unit)
    );
  }
  if ('cell' in entry) return isText(entry.cell) && typeof entry.id === 'number' && isText(entry.by);
  if ('done' in entry) return typeof entry.done === 'number' && isText(entry.by);
  if ('mark' in entry) {
    const { mark } = entry;
    return isRecord(mark) && isText(mark.what) && areTexts(mark.nodes) && isTextOrNothing(mark.detail);
  }
  if ('absent' in entry)
    return (
      isRecord(entry.absent) &&
      Object.values(entry.absent).every(one => isRecord(one) && isText(one.reason)) &&
      Object.values(entry.absent).every(
        one => (one as Record<string, unknown>).nodes === undefined || areTexts((one as Absence).nodes),
      )
    );
  return false;
}

const count = Object.keys(measured).length;

const isSample = (values: unknown) =>
  values === null ||
  (Array.isArray(values) &&
    values.length <= count &&
    values.every(value => value === null || typeof value === 'number'));
