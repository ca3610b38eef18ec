import type { Mark } from './store/entry.js';

/** The time in which a cell ran, a fault lasted, or a network was shaped. */
export interface Span {
  kind: 'cell' | 'fault' | 'net';
  /** `In[4]`, `server was killed` */
  label: string;
  /** Unix time in milliseconds. */
  from: number;
  /** Absent while it goes on. */
  to?: number;
  /** What happened to which nodes; absent for a cell. */
  mark?: Mark;
}

/** Cells and faults of a long session that are remembered. */
const remembered = 2000;

/** When cells ran, or faults lasted. */
export class Spans {
  readonly #spans: Span[] = [];

  /** Call what it gives when it has ended. */
  begin(span: Span): (to?: number) => void {
    this.#spans.push(span);
    if (this.#spans.length > remembered) this.#spans.shift();
    return (to = Date.now()) => {
      span.to ??= Math.max(span.from, to);
    };
  }

  /** The newest of that label. */
  find(label: string): Span | undefined {
    return this.#spans.findLast(span => span.label === label);
  }

  labels(): string[] {
    return this.#spans.map(span => span.label);
  }

  /** What has not ended. */
  lasting(): Span[] {
    return this.#spans.filter(span => span.to === undefined);
  }

  between(from: number, to: number): Span[] {
    return this.#spans.filter(span => span.from <= to && (span.to ?? to) >= from);
  }
}
