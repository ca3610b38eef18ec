import { existsSync } from 'node:fs';
import type { DeploymentRecord } from '../flavours/record.js';
import { identify } from '../process/proc.js';
import { Marks } from './marks.js';
import { measured, type Sample } from './rates.js';
import { ensureSampler } from './sampler-process.js';
import type { Span } from './spans.js';
import type { Absence, Entry } from './store/entry.js';
import { Store } from './store/store.js';
import { Tail } from './store/tail.js';

/** Milliseconds for which points wait for others: code may record thousands a second. */
const gatherMs = 100;
/** Milliseconds between looks at whether somebody measures. */
const lookMs = 3000;

/** Who takes what a log says. */
interface Reader {
  sample(node: string, sample: Sample): void;
  gap(node: string, at: number): void;
  /** The cell of another kernel; call what it gives when it has ended. */
  cell(span: Span): (to: number) => void;
}

const metrics = Object.entries(measured);
let [cells, writers] = [0, 0];

/** A deployment whose log is read, and to which this process adds its cells and points. */
export class Followed {
  readonly run: string;
  readonly began: number;
  readonly marks = new Marks();
  absent: Readonly<Record<string, Absence>> = {};
  readonly #store: Store;
  readonly #tail: Tail;
  /** How this one signs: its own lines need not be read. */
  readonly #by = `${process.pid}:${identify(process.pid)?.start}:${++writers}`;
  readonly #own = new Map<Span, number>();
  readonly #others = new Map<string, (to: number) => void>();
  #waiting: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  #unmeasured: string | undefined;
  #unwritten: string | undefined;

  constructor(private readonly deployment: DeploymentRecord) {
    const { run, started } = deployment['x-nxc'];
    this.run = run;
    const began = Date.parse(started);
    this.began = Number.isNaN(began) ? Date.now() : began;
    this.#store = new Store(deployment);
    this.#tail = new Tail(this.#store);
  }

  read(to: Reader): void {
    if (Date.now() - this.#lookedAt > lookMs) {
      this.#lookedAt = Date.now();
      // The log of what was stopped is gone, and nobody is to measure it.
      this.#unmeasured = isThere(this.deployment) ? ensureSampler(this.deployment) : undefined;
    }
    this.#tail.read(entry => this.#take(entry, to));
  }

  get problem(): string | undefined {
    return this.#unmeasured ?? this.#unwritten ?? this.#store.problem;
  }

  /** What is lost of what was measured. */
  get loss(): string | undefined {
    const { broken } = this.#tail;
    if (broken === 0) return undefined;
    return `${broken === 1 ? '1 line' : `${broken} lines`} of ${this.#store.folder} cannot be read: values may be missing`;
  }

  point(point: string, value: number, { node, unit, at }: { node: string; unit: string; at: number }): void {
    this.#write({ at, point, value, ...(node ? { node } : {}), ...(unit ? { unit } : {}), by: this.#by });
  }

  begin(span: Span): void {
    if (this.#own.has(span)) return;
    const id = ++cells;
    this.#own.set(span, id);
    this.#write({ at: span.from, cell: span.label, id, by: this.#by });
  }

  end(span: Span): void {
    const id = this.#own.get(span);
    if (id === undefined) return;
    this.#own.delete(span);
    this.#write({ at: Date.now(), done: id, by: this.#by });
  }

  #write(entry: Entry): void {
    this.#waiting.push(entry);
    this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unwritten = this.#store.append(this.#waiting);
    this.#waiting = [];
  }

  #take(entry: Entry, to: Reader): void {
    const { at } = entry;
    if ('mark' in entry || 'over' in entry) this.marks.read(entry);
    else if ('nodes' in entry) this.#takeRow(entry, to);
    else if ('absent' in entry) this.absent = entry.absent;
    else if (entry.by === this.#by) return;
    else if ('point' in entry) {
      const { point: metric, value, node = '', unit = '' } = entry;
      to.sample(node, { metric, unit, at, value });
    } else if ('cell' in entry) {
      this.#others.set(`${entry.by} ${entry.id}`, to.cell({ kind: 'cell', label: entry.cell, from: at }));
    } else this.#others.get(`${entry.by} ${entry.done}`)?.(at);
  }

  #takeRow({ at, nodes, gap }: Extract<Entry, { nodes: object; gap?: true }>, to: Reader): void {
    if (gap) for (const { name } of this.deployment['x-nxc'].nodes) to.gap(name, at);
    for (const [node, values] of Object.entries(nodes)) {
      if (values === null) to.gap(node, at);
      values?.forEach((value, index) => {
        const [metric, { unit }] = metrics[index]!;
        if (value !== null) to.sample(node, { metric, unit, at, value });
      });
    }
  }
}

const isThere = ({ 'x-nxc': { file } }: DeploymentRecord): boolean => existsSync(file);
