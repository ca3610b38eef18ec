import { sharedController } from '../shared-signal.js';
import type { CounterSource, Counters } from './counters.js';
import { type Sample, samples } from './rates.js';

const periodMs = 1000;

/** Who takes what was measured. */
export interface Recorder {
  add(node: string, sample: Sample): void;
  /** A node that was read before could not be read now. */
  missing(node: string, at: number): void;
}

/** Reads the counters of a deployment's nodes once a second, never two readings at a time, and keeps no process alive. */
export class Collector {
  readonly #stop = sharedController();
  #before = new Map<string, Counters>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: CounterSource,
    private readonly recorder: Recorder,
  ) {}

  start(): this {
    void this.#tick();
    return this;
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** One reading, now. Nodes that cannot be read are left out; a source that fails counts as all of them. */
  async read(): Promise<void> {
    const counters = await this.source.read(this.#stop.signal).catch(() => []);
    if (this.#stop.signal.aborted) return;
    const now = new Map(counters.map(one => [one.node, one]));
    for (const node of this.#before.keys()) if (!now.has(node)) this.recorder.missing(node, Date.now());
    for (const [node, reading] of now) {
      for (const sample of samples(this.#before.get(node), reading)) this.recorder.add(node, sample);
    }
    this.#before = now;
  }

  async #tick(): Promise<void> {
    const began = performance.now();
    await this.read();
    if (this.#stop.signal.aborted) return;
    const pause = Math.max(0, periodMs - (performance.now() - began));
    this.#timer = setTimeout(() => void this.#tick(), pause).unref();
  }
}
