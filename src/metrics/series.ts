/** Most points of a series: 58 kB. */
const capacity = 3600;

/** When it is full, points are averaged until they lie this part of their age apart: at 1 Hz 15 minutes stay as they were, and after 6 hours the oldest are 48 s apart. */
const coarseness = 1 / 450;

export interface Point {
  /** Unix time in milliseconds. */
  at: number;
  /** NaN marks a gap: nothing is known between the points before and after it. */
  value: number;
}

/** The values of one metric on one node over time, in columns that grow to a bound. */
export class Series {
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  #length = 0;

  constructor(
    readonly metric: string,
    /** Empty for points that belong to no node. */
    readonly node: string,
    /** Empty until a point comes with one. */
    public unit: string,
  ) {}

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#times.byteLength + this.#values.byteLength;
  }

  get last(): Point | undefined {
    return this.#length === 0 ? undefined : this.#point(this.#length - 1);
  }

  /** Adds a point; one that is older than the last is put in its place. */
  push(at: number, value: number): void {
    if (this.#length === capacity) this.#thin();
    if (this.#length === this.#times.length) this.#grow();
    let index = this.#length++;
    for (; index > 0 && this.#times[index - 1]! > at; index--) {
      this.#times[index] = this.#times[index - 1]!;
      this.#values[index] = this.#values[index - 1]!;
    }
    this.#times[index] = at;
    this.#values[index] = value;
  }

  /** Says that nothing is known from here to the next point. */
  gap(at: number): void {
    if (this.last && !Number.isNaN(this.last.value)) this.push(at, Number.NaN);
  }

  points(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Point[] {
    const found: Point[] = [];
    for (let index = 0; index < this.#length; index++) {
      const at = this.#times[index]!;
      if (at >= from && at <= to) found.push(this.#point(index));
    }
    return found;
  }

  #point(index: number): Point {
    return { at: this.#times[index]!, value: this.#values[index]! };
  }

  #grow(): void {
    for (const column of ['times', 'values'] as const) {
      const old = column === 'times' ? this.#times : this.#values;
      const grown = new Float64Array(Math.min(old.length * 2, capacity));
      grown.set(old);
      if (column === 'times') this.#times = grown;
      else this.#values = grown;
    }
  }

  /** Averages neighbours where their age allows it, everywhere if it allows it nowhere. A pair with a gap in it stays a gap. */
  #thin(): void {
    const before = this.#length;
    const newest = this.#times[before - 1]!;
    const allowed = (index: number) =>
      2 * (this.#times[index + 1]! - this.#times[index]!) <= (newest - this.#times[index]!) * coarseness;
    this.#average(allowed);
    if (this.#length === before) this.#average(() => true);
  }

  #average(together: (index: number) => boolean): void {
    let to = 0;
    for (let from = 0; from < this.#length; from++, to++) {
      const pair = from + 1 < this.#length && together(from);
      const other = pair ? from + 1 : from;
      this.#times[to] = (this.#times[from]! + this.#times[other]!) / 2;
      this.#values[to] = (this.#values[from]! + this.#values[other]!) / 2;
      from = other;
    }
    this.#length = to;
  }
}
