import { countedSubtests, isObject, SUBTESTS, type Subtest, scoreOf, subtestPath } from '../../src/index.js';
import { type CodeCell, isCode, type Notebook } from './ipynb/notebook.js';

/** The subtests of an executed notebook that count. */
export interface SubtestSummary {
  passed: number;
  failed: FailedSubtest[];
  /** Points that were earned, of those that could be; both 0 where no subtest has any. */
  points: number;
  of: number;
}

export interface FailedSubtest {
  cell: CodeCell;
  path: string;
  message: string;
}

export function subtestsOf(notebook: Notebook): SubtestSummary {
  const summary: SubtestSummary = { passed: 0, failed: [], points: 0, of: 0 };
  for (const cell of cellsWithSubtests(notebook)) {
    for (const board of boardsOf(cell)) {
      const { points, of } = scoreOf(board);
      summary.points += points;
      summary.of += of;
      for (const subtest of countedSubtests(board)) {
        if (subtest.state === 'passed') summary.passed++;
        else {
          const message = subtest.failure?.message ?? 'it did not end';
          summary.failed.push({ cell, path: subtestPath(subtest, board), message });
        }
      }
    }
  }
  return summary;
}

/** A cell that stands there twice, such as `%nxc driver -t`, ran its subtests again: the last run counts. */
export function cellsWithSubtests(notebook: Notebook): CodeCell[] {
  const cells = notebook.cells.filter(isCode).filter(cell => boardsOf(cell).length > 0);
  return [...new Map(cells.map(cell => [cell.source.trim(), cell])).values()];
}

/** `3 of 4 passed, score 5 of 7`. */
export function describeScore({ passed, failed, points, of }: SubtestSummary): string {
  const count = `${passed} of ${passed + failed.length} passed`;
  return of > 0 ? `${count}, score ${points} of ${of} points` : count;
}

/** The subtests that a cell shows, a list for each table; what is broken is left out, as a notebook may come from anybody. */
export function boardsOf(cell: CodeCell): Subtest[][] {
  return cell.outputs.flatMap(output => {
    const board = 'data' in output ? output.data[SUBTESTS] : undefined;
    return Array.isArray(board) && board.every(isSubtest) ? [board] : [];
  });
}

const STATES = ['running', 'passed', 'failed'];

function isSubtest(value: unknown, index: number): value is Subtest {
  if (!isObject(value) || typeof value.name !== 'string') return false;
  const { parent, points, state, failure } = value;
  // One that stands around another stands before it: no circle.
  const nested =
    parent === undefined || (Number.isInteger(parent) && Number(parent) >= 0 && Number(parent) < index);
  return (
    nested &&
    STATES.includes(String(state)) &&
    (points === undefined || typeof points === 'number') &&
    (failure === undefined || (isObject(failure) && typeof failure.message === 'string'))
  );
}
