/**
 * A run that was cut off goes on: cells that ran well keep what they show, a new kernel runs again what only defines something,
 * and what the notebook started is still there. What other cells held in variables is gone.
 */

import { existsSync } from 'node:fs';
import { countedSubtests } from '../../../src/index.js';
import { failsOnPurpose, isSkipped } from '../ipynb/cell-options.js';
import { NotebookError } from '../ipynb/errors.js';
import { type CodeCell, hasTag, isCode, type Notebook } from '../ipynb/notebook.js';
import { readNotebook } from '../ipynb/read.js';
import { declarationsIn } from '../parameters/declarations.js';
import { deployments, runFacts } from '../report/facts.js';
import { boardsOf } from '../subtests.js';
import { replayOf } from './replay.js';

export interface Resumption {
  /** Cells that ran before and are not run as a whole; they keep what they show. */
  kept: ReadonlySet<CodeCell>;
  /** What the new kernel runs first, for the cell that it is of. */
  replays: ReadonlyArray<{ cell: CodeCell; code: string }>;
  /** The number of the last cell that ran. */
  cellsBefore: number;
  /** Who keeps what the run before started. */
  keeper: string | undefined;
  /** Names that cells have made which are not run again, with the cell. */
  lost: ReadonlyMap<string, CodeCell>;
}

/** Takes over what the executed notebook `file` has of this one. `isRunning` knows whether a deployment's run still goes on. */
export async function resume(
  notebook: Notebook,
  file: string,
  isRunning: (run: string) => Promise<boolean>,
): Promise<Resumption> {
  if (!existsSync(file)) {
    throw new NotebookError({
      asked: 'there is nothing to resume',
      found: `no ${file}, which nxc run writes after every cell`,
      todo: 'run it without --resume, from the start; when a run wrote it elsewhere, name that file with -o',
    });
  }
  const before = await readNotebook(file);
  const facts = runFacts(before);
  if (!facts) {
    throw new NotebookError({
      asked: `${file} is no notebook that nxc run has written, so that there is nothing to resume`,
      todo: 'run it without --resume',
    });
  }
  takeParameters(notebook, before);
  const old = cellsOf(before);
  const kept = new Set<CodeCell>();
  for (const [index, cell] of cellsOf(notebook).entries()) {
    const one = old[index];
    if (!one || !ranWell(one)) break;
    if (one.source !== cell.source) {
      throw new NotebookError({
        asked: `code cell ${index + 1} is another one than in the run that ended`,
        found: `In [${one.execution_count ?? ' '}] of ${file}`,
        todo: 'run it without --resume, from the start',
      });
    }
    Object.assign(cell, { outputs: one.outputs, execution_count: one.execution_count });
    if (one.metadata.execution) cell.metadata.execution = one.metadata.execution;
    kept.add(cell);
  }
  // Cells that are left may need it.
  if (kept.size < cellsOf(notebook).length) await requireDeployment([...kept], isRunning);
  const replays: Array<{ cell: CodeCell; code: string }> = [];
  const lost = new Map<string, CodeCell>();
  for (const cell of kept) {
    const code = isSkipped(cell) ? undefined : await replayOf(cell);
    if (code !== undefined) replays.push({ cell, code });
    if (code === cell.source) continue;
    for (const name of (await declarationsIn(cell.source, 'typescript'))?.keys() ?? []) lost.set(name, cell);
  }
  const cellsBefore = Math.max(
    0,
    ...[...kept].map(cell => (isSkipped(cell) ? 0 : (cell.execution_count ?? 0))),
  );
  return { kept, replays, cellsBefore, keeper: facts.keeper, lost };
}

const cellsOf = (notebook: Notebook): CodeCell[] =>
  notebook.cells.filter(isCode).filter(cell => cell.source.trim());

/** What was given to the run before is given again, unless it is given anew. */
function takeParameters(notebook: Notebook, before: Notebook): void {
  const injected = before.cells.find(cell => hasTag(cell, 'injected-parameters'));
  const has = notebook.cells.some(cell => hasTag(cell, 'injected-parameters'));
  const declaring = notebook.cells.findIndex(cell => isCode(cell) && hasTag(cell, 'parameters'));
  if (injected && !has && declaring >= 0) notebook.cells.splice(declaring + 1, 0, injected);
}

function ranWell(cell: CodeCell): boolean {
  if (isSkipped(cell)) return true;
  const failed = cell.outputs.some(({ output_type }) => output_type === 'error') && !failsOnPurpose(cell);
  const subtests = boardsOf(cell).flatMap(countedSubtests);
  return cell.execution_count !== null && !failed && subtests.every(({ state }) => state === 'passed');
}

/** What the cells have started must still be there, unless one of them stopped it. */
async function requireDeployment(
  cells: readonly CodeCell[],
  isRunning: (run: string) => Promise<boolean>,
): Promise<void> {
  const starts = cells.findLastIndex(cell => factsOf(cell) !== undefined);
  const started = starts < 0 ? undefined : factsOf(cells[starts]!);
  const stopped = cells.slice(starts).some(({ source }) => /\bnxc(?:\s+|\.)stop\b/.test(source));
  if (!started || stopped || (await isRunning(started.run))) return;
  throw new NotebookError({
    asked: `the deployment that In [${cells[starts]!.execution_count}] started does not run any more`,
    found: `run ${started.run} of ${started.composition}::${started.flavour} is over`,
    todo: 'run it without --resume, from the start; with --keep, a run that fails leaves its deployment for --resume',
  });
}

const factsOf = (cell: CodeCell) =>
  deployments({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }).at(-1);
