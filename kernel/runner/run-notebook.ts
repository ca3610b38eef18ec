/**
 * Runs a notebook without a front-end and writes what came of it: kernel/runner. Here is the course of a run; beside it
 * the kernel it talks to (own-kernel, server-kernel), the files (ipynb/), the report (report/) and the two verbs.
 */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { sourceRevision, writeOutput } from '../../src/index.js';
import { OutputCollector } from './collect.js';
import { NotebookError } from './ipynb/errors.js';
import { type CodeCell, isCode, languageOf, type Notebook } from './ipynb/notebook.js';
import { readNotebook } from './ipynb/read.js';
import { writeNotebook } from './ipynb/write.js';
import { injectParameters, type Parameters } from './parameters.js';
import type { RunFacts } from './report/facts.js';
import { type FailedCell, runCell } from './run-cell.js';
import { machineFacts } from './run-facts.js';
import type { Ask, RunnerKernel } from './runner-kernel.js';
import type { ServerAddress } from './server-address.js';

export interface RunOptions {
  /** Absolute path of the notebook; it is not modified unless it is `output` too. */
  notebook: string;
  /** Absolute paths of what is written; parent folders are made. */
  output?: string;
  html?: string;
  parameters?: Parameters;
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
  cellEnded?(cell: CodeCell, state: 'done' | 'failed' | 'interrupted'): void;
  warn?(message: string): void;
}

export interface RunResult {
  notebook: Notebook;
  status: RunFacts['status'];
  /** The cell that ended the run. */
  failure?: FailedCell;
}

/**
 * Runs all code cells in order until one fails. What ran is written in any case; the kernel is always shut down.
 * Throws NotebookError, ParameterError or KernelError when the run cannot begin.
 */
export async function runNotebook(options: RunOptions): Promise<RunResult> {
  const { observer = {}, parameters = {}, signal = new AbortController().signal } = options;
  const notebook = await readNotebook(options.notebook);
  for (const warning of await injectParameters(notebook, parameters)) observer.warn?.(warning);
  for (const file of [options.output, options.html]) if (file) await ensureWritable(file);
  const started = new Date();
  const session = await openSession(notebook, { ...options, signal });
  const result: RunResult = { notebook, status: 'ok' };
  try {
    adoptKernel(notebook, session);
    Object.assign(result, await runCells(notebook, session, { ...options, observer, signal }));
    await describeRun(result, options, session, started);
    // Before the shutdown too: the results are safe whatever becomes of it.
    if (options.output) await writeNotebook(options.output, notebook);
  } finally {
    await session.close();
  }
  // Output may come until the kernel is gone.
  if (options.output) await writeNotebook(options.output, notebook);
  if (options.html) {
    const { renderReport } = await import('./report/page.js');
    await writeOutput(options.html, await renderReport(notebook, options.output ?? options.notebook));
  }
  return result;
}

async function runCells(
  notebook: Notebook,
  session: RunnerKernel,
  { observer, signal, timeoutMs, ask }: RunOptions & { observer: RunObserver; signal: AbortSignal },
): Promise<Pick<RunResult, 'status' | 'failure'>> {
  const collector = new OutputCollector(notebook);
  const cells = notebook.cells.filter(isCode).filter(cell => cell.source.trim());
  for (const [index, cell] of cells.entries()) {
    if (signal.aborted) return { status: 'interrupted' };
    observer.cellStarted?.(cell, index + 1, cells.length);
    const failure = await runCell(cell, { session, collector, signal, timeoutMs, ask });
    const state = signal.aborted ? 'interrupted' : failure ? 'failed' : 'done';
    observer.cellEnded?.(cell, state);
    if (state === 'interrupted') return { status: 'interrupted', ...(failure ? { failure } : {}) };
    if (failure) return { status: 'error', failure };
  }
  return { status: 'ok' };
}

async function openSession(
  notebook: Notebook,
  options: RunOptions & { signal: AbortSignal },
): Promise<RunnerKernel> {
  const { server, signal } = options;
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
  return OwnKernel.start({ cwd, notebook: options.notebook, signal, command: options.kernelCommand });
}

/** The file says what it was run with, as Jupyter's front-ends write it. */
function adoptKernel(notebook: Notebook, { info }: RunnerKernel): void {
  notebook.metadata.kernelspec ??= { name: 'nxc', display_name: 'NixOS Compose', language: 'typescript' };
  if (info.language_info) notebook.metadata.language_info = info.language_info;
}

async function describeRun(
  { notebook, status }: RunResult,
  { parameters = {}, server, ...paths }: RunOptions,
  session: RunnerKernel,
  started: Date,
): Promise<void> {
  const ended = new Date();
  const git = await sourceRevision(dirname(paths.notebook));
  const facts: RunFacts = {
    notebook: paths.notebook,
    status,
    started: started.toISOString(),
    ended: ended.toISOString(),
    ...(await machineFacts(session.info)),
    ...(Object.keys(parameters).length ? { parameters } : {}),
    ...(git ? { git } : {}),
    ...(server ? { server: new URL(server.url).origin } : {}),
  };
  notebook.metadata.nxc = facts;
  // Tools that collect results of papermill runs read these names.
  notebook.metadata.papermill = {
    parameters,
    input_path: paths.notebook,
    output_path: paths.output ?? null,
    start_time: facts.started,
    end_time: facts.ended,
    duration: (ended.getTime() - started.getTime()) / 1000,
    exception: status === 'ok' ? null : true,
    version: `nxc ${facts.versions.nxc}`,
  };
}

/** Found out before the first cell, not after an hour. */
async function ensureWritable(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) throw new Error('it is a folder');
  } catch (cause) {
    throw new NotebookError({ asked: `cannot write ${file}`, found: (cause as Error).message, cause });
  }
}
