import type { MimeBundle, Renderable } from '../display/bundle.js';
import { type Row, Table } from '../display/table.js';
import { formatDuration } from '../duration.js';
import type { FailureKind } from './failure-kind.js';

/**
 * Media type of the subtests of a cell or script, a list of `Subtest`. It stands beside their table; front-ends pass over it, the saved
 * notebook keeps it, and reports and `nxc run` read there what failed and what was scored.
 */
export const SUBTESTS = 'application/vnd.nxc.subtests+json';

export interface Subtest {
  id: number;
  name: string;
  /** The subtest around it. */
  parent?: number;
  /** 0 for the outermost. */
  depth: number;
  state: 'running' | 'passed' | 'failed';
  durationMs: number;
  /** What it is worth when it passes. */
  points?: number;
  failure?: SubtestFailure;
}

export interface SubtestFailure {
  message: string;
  /** `assertion`: what was asserted is not so; `infrastructure`: a machine was lost; `error`: the script itself. */
  kind: FailureKind;
  /** `testScript line 12`, `In[4]:3:5`. */
  at?: string;
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

  begin(name: string, { parent, points }: { parent?: number; points?: number } = {}): number {
    const above = parent === undefined ? undefined : this.#subtests[parent];
    const id = this.#subtests.length;
    this.#subtests.push({
      id,
      name,
      depth: above ? above.depth + 1 : 0,
      state: 'running',
      durationMs: 0,
      ...(above ? { parent: above.id } : {}),
      ...(points === undefined ? {} : { points }),
    });
    this.#started.set(id, performance.now());
    return id;
  }

  end(id: number, failure?: SubtestFailure): void {
    const subtest = this.#subtests[id];
    const started = this.#started.get(id);
    if (!subtest || started === undefined) return;
    this.#started.delete(id);
    subtest.durationMs = performance.now() - started;
    subtest.state = failure === undefined ? 'passed' : 'failed';
    if (failure !== undefined) subtest.failure = failure;
  }

  /** The cell or script has ended: what still runs was cut off. */
  close(): void {
    for (const id of [...this.#started.keys()].reverse()) {
      this.end(id, { message: 'interrupted', kind: 'interrupt' });
    }
    this.#open = false;
  }

  toMimeBundle(): MimeBundle {
    return { ...this.#table().toMimeBundle(), [SUBTESTS]: structuredClone(this.#subtests) };
  }

  toTerminal(columns: number): string {
    return this.#table().toTerminal(columns);
  }

  #table(): Table {
    const { points, of } = scoreOf(this.#subtests);
    const total = of === 0 ? [] : [{ subtest: 'score', points: `${points}/${of}` }];
    return new Table([...this.#subtests.map(subtest => this.#row(subtest)), ...total], { limit: 500 });
  }

  #row(subtest: Subtest): Row {
    const { id, name, depth, state, durationMs, points, failure } = subtest;
    const failed = this.#subtests.some(one => one.failure !== undefined);
    const scored = this.#subtests.some(one => one.points !== undefined);
    const elapsed = state === 'running' ? performance.now() - this.#started.get(id)! : durationMs;
    return {
      subtest: `${'\u2003'.repeat(depth)}${name}`,
      result: marks[state],
      duration: formatDuration(elapsed),
      ...(scored ? { points: points === undefined ? '' : `${earned(subtest)}/${points}` } : {}),
      ...(failed ? { error: failure?.message.split('\n')[0] ?? '', where: failure?.at ?? '' } : {}),
    };
  }
}

const marks = { running: '… running', passed: '✓ passed', failed: '✗ failed' };

const earned = ({ state, points = 0 }: Subtest): number => (state === 'passed' ? points : 0);

/** Points of the subtests that passed, and of all that count. */
export function scoreOf(subtests: readonly Subtest[]): { points: number; of: number } {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const counted = countedSubtests(subtests);
  return { points: sum(counted.map(earned)), of: sum(counted.map(({ points = 0 }) => points)) };
}

/** All but those that failed and were run again, as `retry` does: the last run counts. */
export function countedSubtests(subtests: readonly Subtest[]): Subtest[] {
  const last = new Map(subtests.map(subtest => [subtestPath(subtest, subtests), subtest]));
  const repeated = new Set<Subtest | undefined>();
  for (const subtest of subtests) {
    const again = subtest.state === 'failed' && last.get(subtestPath(subtest, subtests)) !== subtest;
    if (again || repeated.has(aroundOf(subtest, subtests))) repeated.add(subtest);
  }
  return subtests.filter(subtest => !repeated.has(subtest));
}

/** A nested subtest behind the ones around it. */
export function subtestPath(subtest: Subtest, all: readonly Subtest[]): string {
  const around = aroundOf(subtest, all);
  return around ? `${subtestPath(around, all)} / ${subtest.name}` : subtest.name;
}

const aroundOf = ({ parent }: Subtest, all: readonly Subtest[]): Subtest | undefined =>
  parent === undefined ? undefined : all[parent];
