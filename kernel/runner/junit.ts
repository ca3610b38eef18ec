import { basename } from 'node:path';
import { junit, type Subtest } from '../../src/index.js';
import type { RunResult } from './run-notebook.js';
import { boardsOf, cellsWithSubtests } from './subtests.js';

/** A test case for each subtest, and one for the notebook, which says why the run ended. */
export function junitOf({ notebook, status, failure }: RunResult, file: string, startedAt: Date): string {
  const subtests: Subtest[] = [];
  for (const cell of cellsWithSubtests(notebook)) {
    for (const board of boardsOf(cell)) {
      const before = subtests.length;
      for (const subtest of board) {
        const { id, parent, name } = subtest;
        const place =
          parent === undefined
            ? // Cells may have subtests of the same name, which are others.
              { name: `In [${cell.execution_count ?? ' '}] ${name}` }
            : { parent: parent + before };
        subtests.push({ ...subtest, id: id + before, ...place });
      }
    }
  }
  const message = failure ? `${failure.error.ename}: ${failure.error.evalue}` : 'interrupted';
  return junit({
    name: basename(file),
    startedAt,
    durationMs: Date.now() - startedAt.getTime(),
    subtests,
    ...(status === 'error' || status === 'interrupted'
      ? { failure: { message, kind: status === 'interrupted' ? 'interrupt' : 'error' } as const }
      : {}),
  });
}
