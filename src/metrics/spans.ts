/** The time in which a cell ran, or in which a fault lasted. */
export interface Span {
  kind: 'cell' | 'fault';
  /** `In[4]`, `server off` */
  label: string;
  /** Unix time in milliseconds. */
  from: number;
  /** Absent while it runs. */
  to?: number;
}

/** Cells of a long session that are remembered. */
const remembered = 2000;

/** When cells ran, or when faults lasted. */
export class Spans {
  readonly #spans: Span[] = [];

  constructor(private readonly kind: Span['kind'] = 'cell') {}

  /** Call what it gives when the cell has ended. */
  begin(label: string): () => void {
    const span: Span = { kind: this.kind, label, from: Date.now() };
    this.#spans.push(span);
    if (this.#spans.length > remembered) this.#spans.shift();
    return () => {
      span.to ??= Date.now();
    };
  }

  /** Begins what its label tells to be ended, when it does not last already. */
  last(label: string): void {
    if (this.lasting().includes(label)) return;
    this.begin(label);
  }

  end(label: string): void {
    this.endAll(one => one === label);
  }

  endAll(of: (label: string) => boolean): void {
    for (const span of this.#spans) if (of(span.label)) span.to ??= Date.now();
  }

  /** Labels of what has not ended. */
  lasting(): string[] {
    return this.#spans.filter(span => span.to === undefined).map(span => span.label);
  }

  /** The newest span of that label. */
  find(label: string): Span | undefined {
    return this.#spans.findLast(span => span.label === label);
  }

  labels(): string[] {
    return this.#spans.map(span => span.label);
  }

  between(from: number, to: number): Span[] {
    return this.#spans.filter(span => span.from <= to && (span.to ?? to) >= from);
  }
}
