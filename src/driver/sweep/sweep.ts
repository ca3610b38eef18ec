import { encode } from '../../codec.js';
import type { MimeBundle, Renderable } from '../../display/bundle.js';
import type { Row } from '../../display/table.js';
import { formatDuration } from '../../duration.js';
import { CallError } from '../calls.js';
import { shown } from '../shown.js';
import { RowFile, RowFileError } from './row-file.js';
import { keyOf, type Point, pointsOf } from './space.js';
import type { Changed } from './step.js';

/** One sweep that runs: which points are left, the rows of those that are done, and how that looks. */
export class Sweep implements Renderable {
  readonly #rows = new Map<string, Row>();
  readonly #names: readonly string[];
  readonly #resumed: number;
  readonly #began = performance.now();
  #ended: number | undefined;
  #now: Point | undefined;

  private constructor(
    readonly points: readonly Point[],
    private readonly file: RowFile | undefined,
  ) {
    this.#names = Object.keys(points[0]!);
    const known = new Set(points.map(point => this.#key(point)));
    for (const row of file?.rows ?? []) {
      const missing = this.#names.find(name => !(name in row));
      if (missing !== undefined) {
        throw new RowFileError({
          asked: `${file!.path} holds rows of another sweep`,
          found: `a row without ${missing}: ${shown(row)}`,
          todo: 'give resume another file',
        });
      }
      // Of a parameter whose values were changed meanwhile the other rows stay in the file.
      if (known.has(this.#key(row))) this.#rows.set(this.#key(row), row);
    }
    this.#resumed = this.#rows.size;
  }

  /** `path`: where rows go and where those of an earlier run are found, if the function is the same `step` or `changed` says so. */
  static async begin(
    space: unknown,
    { path, step, changed }: { path?: string; step?: string; changed?: Changed } = {},
  ): Promise<Sweep> {
    const points = pointsOf(space);
    const file = path === undefined ? undefined : await RowFile.open(path, step, changed);
    try {
      const sweep = new Sweep(points, file);
      await file?.begin();
      return sweep;
    } catch (error) {
      await file?.close();
      throw error;
    }
  }

  /** Points without a row yet. */
  get left(): Point[] {
    return this.points.filter(point => !this.#rows.has(this.#key(point)));
  }

  /** Rows in the order of the points. */
  get rows(): Row[] {
    return this.points.map(point => this.#rows.get(this.#key(point))).filter(row => row !== undefined);
  }

  /** What a point gave, behind its parameters. Resolves when it is on the disk. */
  async record(point: Point, given: Row): Promise<void> {
    for (const name of this.#names) {
      if (!(name in given) || encode(given[name]) === encode(point[name])) continue;
      throw new CallError({
        asked: `the row of ${this.#words(point)} has another ${name}: ${shown(given[name])}`,
        todo: 'call that column something else',
      });
    }
    const row = { ...point, ...given };
    // In memory whatever becomes of the file: it was measured.
    this.#rows.set(this.#key(point), row);
    await this.file?.append(row);
  }

  step(point: Point): void {
    this.#now = point;
  }

  async end(): Promise<void> {
    this.#ended ??= performance.now();
    await this.file?.close();
  }

  get live(): boolean {
    return this.#ended === undefined;
  }

  toMimeBundle(): MimeBundle {
    return { 'text/plain': this.#sentence() };
  }

  #sentence(): string {
    const done = this.#rows.size;
    const elapsed = (this.#ended ?? performance.now()) - this.#began;
    const measured = done - this.#resumed;
    const left = this.points.length - done;
    const earlier = this.#resumed > 0 ? `${this.#resumed} of them from ${this.file!.path}` : '';
    const remaining =
      this.live && measured > 0 && left > 0 ? `${formatDuration((elapsed / measured) * left)} left` : '';
    const now = this.live && this.#now && left > 0 ? `now ${this.#words(this.#now)}` : '';
    const time = this.live ? '' : formatDuration(elapsed);
    const stopped = !this.live && this.#now && left > 0 ? `stopped at ${this.#words(this.#now)}` : '';
    return [`sweep: ${done} of ${this.points.length} points`, earlier, time, remaining, now, stopped]
      .filter(Boolean)
      .join(', ');
  }

  #key(point: Point): string {
    return keyOf(point, this.#names);
  }

  #words(point: Point): string {
    return this.#names.map(name => `${name}=${shown(point[name])}`).join(' ');
  }
}
