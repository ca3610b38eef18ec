import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Series } from '../series.js';
import { type Entry, formatEntry, parseEntry, type Values } from './entry.js';
import { limit, type Store } from './store.js';

/** As in memory (series.ts): samples lie at most this part of their age apart. */
const coarseness = 1 / 450;
/** Cells and faults that are kept, the newest. */
const mostMarks = 2000;
/** Series of the user's own that are kept, the first. */
const mostSeries = 200;

type Row = Extract<Entry, { nodes: Readonly<Record<string, Values | null>> }>;
type Point = Extract<Entry, { point: string }>;

const isRow = (entry: Entry): entry is Row => 'nodes' in entry && !('over' in entry);

/** Gives the log's name to a new one; its lines become history when `compact` is called, writers having had time to end. */
export function seal(store: Store): void {
  renameSync(store.file('log.jsonl'), store.file('sealed.jsonl'));
}

/** Makes what was sealed a part of the history. Cut off at any point, it is done again from the same files. */
export function compact(store: Store): void {
  const [history, sealed] = [read(store.file('history.jsonl')), read(store.file('sealed.jsonl'))];
  const draft = `${store.file('history.jsonl')}.draft`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, thinned([...history, ...sealed]));
  } finally {
    closeSync(file);
  }
  renameSync(draft, store.file('history.jsonl'));
  rmSync(store.file('sealed.jsonl'), { force: true });
}

/** The same entries, fewer where they are old, in at most `limit` bytes. */
export function thinned(entries: readonly Entry[], bytes = limit): string {
  const now = Date.now();
  const allowed = (one: Row, other: Row) => 2 * (other.at - one.at) <= (now - one.at) * coarseness;
  let rows = merged(inOrder(entries.filter(isRow)), allowed);
  let points = thinnedPoints(entries.filter((entry): entry is Point => 'point' in entry));
  const marks = newestMarks(entries);
  for (;;) {
    const text = inOrder([...marks, ...rows, ...points])
      .map(entry => `${formatEntry(entry)}\n`)
      .join('');
    if (text.length <= bytes || rows.length + points.length < 10) return text;
    rows = merged(rows, () => true);
    if (rows.length < points.length) points = points.filter((_, index) => index % 2 === 0);
  }
}

const inOrder = <T extends Entry>(entries: readonly T[]): T[] => entries.toSorted((a, b) => a.at - b.at);

/** Neighbours become their mean. A cut-off compaction leaves rows twice: of one time one is kept. */
function merged(rows: readonly Row[], together: (one: Row, other: Row) => boolean): Row[] {
  const found: Row[] = [];
  for (let index = 0; index < rows.length; index++) {
    const [row, next] = [rows[index]!, rows[index + 1]];
    if (next && (next.at === row.at || together(row, next))) {
      found.push(next.at === row.at ? next : mean(row, next));
      index++;
    } else found.push(row);
  }
  return found;
}

/** A pair with a gap in it stays a gap. */
function mean(one: Row, other: Row): Row {
  const at = Math.round((one.at + other.at) / 2);
  if (one.gap || other.gap) return { at, nodes: {}, gap: true };
  const names = new Set([...Object.keys(one.nodes), ...Object.keys(other.nodes)]);
  return {
    at,
    nodes: Object.fromEntries(
      [...names].map(name => [name, meanOf(one.nodes[name] ?? null, other.nodes[name] ?? null)]),
    ),
  };
}

function meanOf(one: Values | null, other: Values | null): Values | null {
  if (!one || !other) return null;
  return one.map((value, index) => {
    const next = other[index] ?? null;
    return value === null || next === null ? (value ?? next) : Number(((value + next) / 2).toPrecision(9));
  });
}

function thinnedPoints(points: readonly Point[]): Point[] {
  const series = new Map<string, { series: Series; first: Point }>();
  for (const point of points) {
    const key = `${point.point} ${point.node ?? ''}`;
    let one = series.get(key);
    if (!one && series.size < mostSeries) {
      one = { series: new Series(point.point, point.node ?? '', point.unit ?? ''), first: point };
      series.set(key, one);
    }
    one?.series.push(point.at, point.value);
  }
  return [...series.values()].flatMap(({ series: one, first }) =>
    one.points().map(({ at, value }) => ({ ...first, at: Math.round(at), value })),
  );
}

function newestMarks(entries: readonly Entry[]): Entry[] {
  const last = entries.findLast(entry => 'absent' in entry);
  const marks = entries.filter(entry => !isRow(entry) && !('point' in entry) && !('absent' in entry));
  return [...(last ? [last] : []), ...marks.slice(-2 * mostMarks)];
}

function read(path: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap(line => parseEntry(line) ?? []);
}
