/** Points kept at full resolution; at 1 Hz an hour. Older ones are averaged in pairs, again and again, never dropped. */
const capacity = 3600;

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
    readonly unit: string,
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

  /** Averages pairs in the older half; a pair with a gap in it stays a gap. */
  #thin(): void {
    const half = capacity / 2;
    for (let pair = 0; pair < half / 2; pair++) {
      this.#times[pair] = (this.#times[2 * pair]! + this.#times[2 * pair + 1]!) / 2;
      this.#values[pair] = (this.#values[2 * pair]! + this.#values[2 * pair + 1]!) / 2;
    }
    this.#times.copyWithin(half / 2, half, this.#length);
    this.#values.copyWithin(half / 2, half, this.#length);
    this.#length -= half / 2;
  }
}
