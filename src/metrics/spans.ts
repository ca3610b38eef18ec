/** The time in which a cell ran. */
export interface Span {
  /** `In[4]` */
  label: string;
  /** Unix time in milliseconds. */
  from: number;
  /** Absent while it runs. */
  to?: number;
}

/** Cells of a long session that are remembered. */
const remembered = 2000;

/** When cells ran. */
export class Spans {
  readonly #spans: Span[] = [];

  /** Call what it gives when the cell has ended. */
  begin(label: string): () => void {
    const span: Span = { label, from: Date.now() };
    this.#spans.push(span);
    if (this.#spans.length > remembered) this.#spans.shift();
    return () => {
      span.to ??= Date.now();
    };
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
