import type { MimeBundle, Renderable } from '../display/bundle.js';
import { Table } from '../display/table.js';
import { formatDuration } from '../duration.js';

export interface Subtest {
  id: number;
  name: string;
  /** 0 for the outermost. */
  depth: number;
  state: 'running' | 'passed' | 'failed';
  durationMs: number;
  error?: string;
}

/** The subtests of one cell or test script as a table that grows while they run. */
export class SubtestBoard implements Renderable {
  readonly #subtests: Subtest[] = [];
  readonly #started = new Map<number, number>();
  #open = true;

  get subtests(): readonly Subtest[] {
    return this.#subtests;
  }

  /** Until the cell or script has ended, for another subtest may begin. */
  get live(): boolean {
    return this.#open;
  }

  begin(name: string, parent?: number): number {
    const above = parent === undefined ? undefined : this.#find(parent);
    const id = this.#subtests.length;
    const subtest: Subtest = {
      id,
      name,
      depth: above ? above.depth + 1 : 0,
      state: 'running',
      durationMs: 0,
    };
    this.#subtests.push(subtest);
    this.#started.set(id, performance.now());
    return id;
  }

  end(id: number, error?: string): Subtest | undefined {
    const subtest = this.#find(id);
    const started = this.#started.get(id);
    if (!subtest || started === undefined) return undefined;
    this.#started.delete(id);
    subtest.durationMs = performance.now() - started;
    subtest.state = error === undefined ? 'passed' : 'failed';
    if (error !== undefined) subtest.error = error;
    return subtest;
  }

  /** The cell or script has ended: what still runs was cut off. */
  close(): void {
    for (const id of [...this.#started.keys()].reverse()) this.end(id, 'interrupted');
    this.#open = false;
  }

  toMimeBundle(): MimeBundle {
    return this.#table().toMimeBundle();
  }

  toTerminal(columns: number): string {
    return this.#table().toTerminal(columns);
  }

  #find(id: number): Subtest | undefined {
    return this.#subtests[id];
  }

  #table(): Table {
    const marks = { running: '… running', passed: '✓ passed', failed: '✗ failed' };
    const anyError = this.#subtests.some(subtest => subtest.error !== undefined);
    return new Table(
      this.#subtests.map(({ id, name, depth, state, durationMs, error }) => ({
        subtest: `${'\u2003'.repeat(depth)}${name}`,
        result: marks[state],
        duration: formatDuration(
          state === 'running' ? performance.now() - this.#started.get(id)! : durationMs,
        ),
        ...(anyError ? { error: error?.split('\n')[0] ?? '' } : {}),
      })),
      { limit: 500 },
    );
  }
}
