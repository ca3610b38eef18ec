import { setTimeout as pause } from 'node:timers/promises';
import { aborted, InterruptedError, NxcError } from '../../src/index.js';
import { errorOutput, type OutputCollector } from './collect.js';
import { failsOnPurpose } from './ipynb/cell-options.js';
import type { CodeCell, ErrorOutput } from './ipynb/notebook.js';
import { type Ask, type CellReply, KernelError, type RunnerKernel } from './runner-kernel.js';

/** Milliseconds an interrupted cell gets to end by itself: longer than the kernel waits for its code. */
const GRACE_MS = 12_000;

export interface CellRun {
  session: RunnerKernel;
  collector: OutputCollector;
  signal: AbortSignal;
  timeoutMs?: number;
  ask?: Ask;
}

/** A cell that ended the run, and what it ended with. */
export interface FailedCell {
  cell: CodeCell;
  error: ErrorOutput;
}

/** A cell took longer than it may. */
class CellTimeout extends NxcError {}

/** Runs one cell; its outputs are in the cell afterwards. Undefined when the run may go on. */
export async function runCell(cell: CodeCell, run: CellRun): Promise<FailedCell | undefined> {
  const { session, collector, ask } = run;
  const reply = session.execute(cell.source, { onMessage: message => collector.receive(cell, message), ask });
  reply.catch(() => {});
  try {
    const { status, ...content } = await withinLimits(reply, run);
    collector.replied(cell, new Date().toISOString());
    if (status === 'ok' || failsOnPurpose(cell)) return undefined;
    return { cell, error: errorOutput(content) };
  } catch (error) {
    if (!(error instanceof NxcError)) throw error;
    return { cell, error: conclude(cell, error) };
  }
}

/** The kernel's reply; on a time limit or an interrupt the cell is interrupted first and gets a moment to say so. */
async function withinLimits(
  reply: Promise<CellReply>,
  { session, signal, timeoutMs }: CellRun,
): Promise<CellReply> {
  const limits = timeoutMs === undefined ? [signal] : [signal, AbortSignal.timeout(timeoutMs)];
  // A signal of this cell's own: its listeners go with it.
  const stop = AbortSignal.any(limits);
  const first = await Promise.race([reply, aborted(stop)]);
  if (first) return first;
  session.interrupt().catch(() => {});
  const last = await Promise.race([reply.catch(() => undefined), pause(GRACE_MS, undefined, { ref: false })]);
  const ignored = last ? '' : `; the kernel did not react to the interrupt within ${GRACE_MS / 1000} s`;
  if (signal.aborted) throw new InterruptedError(`interrupted${ignored}`);
  throw new CellTimeout(
    `the cell was interrupted after ${timeoutMs! / 1000} s, the time it may take${ignored}`,
  );
}

/** The notebook says why the cell ended: in place of the kernel's error, which knows of an interrupt at most, but keeps where it was. */
function conclude(cell: CodeCell, error: NxcError): ErrorOutput {
  const ename = error instanceof KernelError ? 'KernelDied' : error.name;
  const said = cell.outputs.findLast(output => output.output_type === 'error');
  const traceback = [...(said?.traceback ?? []), `${ename}: ${error.message}`];
  const output = errorOutput({ ename, evalue: error.message, traceback });
  cell.outputs = [...cell.outputs.filter(each => each !== said), output];
  return output;
}
