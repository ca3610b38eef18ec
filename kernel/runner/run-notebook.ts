/**
 * Runs a notebook without a front-end and writes what came of it: kernel/runner. Here is the course of a run; beside it
 * the kernel it talks to (own-kernel, server-kernel), the files (ipynb/), the report (report/) and the two verbs.
 */
import { randomUUID } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { countedSubtests, writeOutput } from '../../src/index.js';
import { makeFolder } from '../../src/make-folder.js';
import { reasonOf } from '../../src/write-error.js';
import { OutputCollector } from './collect.js';
import { isSkipped } from './ipynb/cell-options.js';
import { NotebookError } from './ipynb/errors.js';
import { type CodeCell, isCode, languageOf, type Notebook } from './ipynb/notebook.js';
import { readNotebook } from './ipynb/read.js';
import { junitOf } from './junit.js';
import type { GivenParameters } from './parameters/given.js';
import { injectParameters } from './parameters/index.js';
import { jsonOf } from './parameters/literal.js';
import type { RunFacts } from './report/facts.js';
import { resume } from './resume/index.js';
import { explainLost, replay } from './resume/restore.js';
import { type CellRun, type FailedCell, runCell } from './run-cell.js';
import { RunRecord } from './run-record.js';
import type { Ask, RunnerKernel } from './runner-kernel.js';
import type { ServerAddress } from './server-address.js';
import { boardsOf, subtestsOf } from './subtests.js';

export interface RunOptions {
  /** Absolute path of the notebook; it is not modified unless it is `output` too. */
  notebook: string;
  /** Absolute paths of what is written; parent folders are made. */
  output?: string;
  html?: string;
  /** Cells and subtests for a CI, as JUnit XML. */
  junit?: string;
  parameters?: GivenParameters;
  /** Goes on after a cell whose subtest failed. */
  allowFailures?: boolean;
  /** Goes on after the last cell that ran well, as `output` has it. */
  resume?: boolean;
  /** Knows whether the run of a deployment still goes on, for `resume`. */
  isRunning?: (run: string) => Promise<boolean>;
  /** Leaves what the notebook started when the run does not get to its end. */
  keep?: boolean;
  /** Milliseconds that one cell may take; no limit by default. */
  timeoutMs?: number;
  /** Runs on a Jupyter server instead of a kernel of our own. */
  server?: ServerAddress;
  /** Interrupts the running cell and ends the run. */
  signal?: AbortSignal;
  /** Answers cells that ask; without it their questions are refused. */
  ask?: Ask;
  observer?: RunObserver;
  /** argv of another kernel for a connection file. */
  kernelCommand?: (connectionFile: string) => readonly string[];
}

export interface RunObserver {
  /** A cell begins; `index` counts code cells from 1. */
  cellStarted?(cell: CodeCell, index: number, total: number): void;
  cellEnded?(cell: CodeCell, state: CellState): void;
  warn?(message: string): void;
}

/** `skipped`: the notebook says that no machine is to run it; `kept`: it ran well before. */
export type CellState = 'done' | 'failed' | 'interrupted' | 'skipped' | 'kept';

export interface RunResult {
  notebook: Notebook;
  status: Exclude<RunFacts['status'], 'running'>;
  /** The cell that ended the run. */
  failure?: FailedCell;
}

/**
 * Runs all code cells in order until one fails. What ran is written after every cell; the kernel is always shut down.
 * Throws NotebookError, ParameterError or KernelError when the run cannot begin.
 */
export async function runNotebook(options: RunOptions): Promise<RunResult> {
  const { observer = {}, signal = new AbortController().signal, output } = options;
  const notebook = await readNotebook(options.notebook);
  const values = await injectParameters(notebook, options.parameters ?? new Map());
  const { isRunning = async () => false } = options;
  const resumption =
    options.resume && output !== undefined ? await resume(notebook, output, isRunning) : undefined;
  for (const file of [output, options.html, options.junit]) if (file) await ensureWritable(file);
  const kept = resumption?.kept ?? new Set();
  const keeper = resumption?.keeper ?? randomUUID();
  const started = new Date();
  const { cellsBefore } = resumption ?? {};
  const session = await openSession(notebook, { ...options, signal, keeper, cellsBefore });
  const result: RunResult = { notebook, status: 'ok' };
  const collector = new OutputCollector(cellsToRun(notebook).filter(cell => !kept.has(cell)));
  let record: RunRecord;
  try {
    adoptKernel(notebook, session);
    if (resumption) await replay(resumption, session, signal);
    record = await RunRecord.begin(notebook, session, {
      source: options.notebook,
      keeper,
      output,
      parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, jsonOf(value)])),
      server: options.server?.url,
      warn: message => observer.warn?.(message),
    });
    const course = { ...options, session, collector, observer, signal, kept, save: () => record.save() };
    Object.assign(result, await runCells(notebook, course));
    if (resumption && result.failure) explainLost(result.failure, resumption);
    // Before the shutdown too: the results are safe whatever becomes of it.
    await record.finish(result.status);
  } finally {
    const cutOff = result.failure !== undefined || result.status === 'interrupted';
    await session.close({ keep: options.keep === true && cutOff });
  }
  // Output may come until the kernel is gone.
  await record.close();
  if (options.html) {
    const { renderReport } = await import('./report/page.js');
    await writeOutput(options.html, await renderReport(notebook, output ?? options.notebook));
  }
  if (options.junit) await writeOutput(options.junit, junitOf(result, options.notebook, started));
  return result;
}

interface Course extends Omit<CellRun, 'signal'> {
  observer: RunObserver;
  signal: AbortSignal;
  allowFailures?: boolean;
  kept: ReadonlySet<CodeCell>;
  save(): Promise<void>;
}

async function runCells(notebook: Notebook, course: Course): Promise<Pick<RunResult, 'status' | 'failure'>> {
  const { observer, signal, allowFailures, kept, save } = course;
  const cells = notebook.cells.filter(isCode).filter(cell => cell.source.trim());
  for (const [index, cell] of cells.entries()) {
    if (signal.aborted) return { status: 'interrupted' };
    observer.cellStarted?.(cell, index + 1, cells.length);
    if (isSkipped(cell) || kept.has(cell)) {
      observer.cellEnded?.(cell, isSkipped(cell) ? 'skipped' : 'kept');
      continue;
    }
    const failure = await runCell(cell, course);
    // First, so that a cell that is said to have ended is in the file, whatever becomes of this process.
    await save();
    observer.cellEnded?.(cell, signal.aborted ? 'interrupted' : failure ? 'failed' : 'done');
    if (signal.aborted) return { status: 'interrupted', ...(failure ? { failure } : {}) };
    const failures = failure !== undefined && isOfSubtest(failure);
    if (failure && !(failures && allowFailures)) return { status: failures ? 'failures' : 'error', failure };
  }
  return { status: subtestsOf(notebook).failed.length > 0 ? 'failures' : 'ok' };
}

/** Whether a cell failed because a subtest in it did, and for no other reason. */
const isOfSubtest = ({ cell, error }: FailedCell): boolean =>
  boardsOf(cell)
    .flatMap(countedSubtests)
    .some(({ failure }) => failure !== undefined && error.evalue.includes(failure.message));

/** The others keep what they show. */
const cellsToRun = (notebook: Notebook): CodeCell[] =>
  notebook.cells.filter(isCode).filter(cell => !isSkipped(cell));

async function openSession(
  notebook: Notebook,
  options: RunOptions & { signal: AbortSignal; keeper: string; cellsBefore?: number },
): Promise<RunnerKernel> {
  const { server, signal, keeper, cellsBefore } = options;
  const cwd = dirname(options.notebook);
  if (server) {
    const { ServerKernel } = await import('./server-kernel.js');
    return ServerKernel.start({ ...server, notebook, name: basename(options.notebook), signal });
  }
  const language = languageOf(notebook);
  if (!options.kernelCommand && !['typescript', 'javascript'].includes(language)) {
    throw new NotebookError({
      asked: `${options.notebook} is written for a kernel of ${language}`,
      found: 'nxc runs TypeScript notebooks itself',
      todo: 'run it through a Jupyter server that has the kernel: nxc run NOTEBOOK --server URL --token TOKEN',
    });
  }
  const { OwnKernel } = await import('./own-kernel.js');
  return OwnKernel.start({
    cwd,
    notebook: options.notebook,
    executed: options.output,
    signal,
    keeper,
    cellsBefore,
    command: options.kernelCommand,
  });
}

/** The file says what it was run with, as Jupyter's front-ends write it. */
function adoptKernel(notebook: Notebook, { info }: RunnerKernel): void {
  notebook.metadata.kernelspec ??= { name: 'nxc', display_name: 'NixOS Compose', language: 'typescript' };
  if (info.language_info) notebook.metadata.language_info = info.language_info;
}

/** Found out before the first cell, not after an hour. */
async function ensureWritable(file: string): Promise<void> {
  try {
    makeFolder(dirname(file));
    await access(dirname(file), constants.W_OK);
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) throw new Error('it is a folder');
  } catch (cause) {
    throw new NotebookError({ asked: `cannot write ${file}`, found: reasonOf(cause as Error), cause });
  }
}
