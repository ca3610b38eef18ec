import { InterruptedError, NxcError } from '../../../src/index.js';
import { errorOutput } from '../collect.js';
import type { FailedCell } from '../run-cell.js';
import type { RunnerKernel } from '../runner-kernel.js';
import type { Resumption } from './index.js';

/** Gives the new kernel what can be had again; nothing of it is shown. */
export async function replay(
  { replays }: Resumption,
  session: RunnerKernel,
  signal: AbortSignal,
): Promise<void> {
  for (const { cell, code } of replays) {
    if (signal.aborted) throw new InterruptedError();
    const { status, ename, evalue } = await session.execute(code, { onMessage: () => {}, silent: true });
    if (status === 'ok') continue;
    throw new NxcError({
      asked: `In [${cell.execution_count}] was to be run again, and fails now`,
      found: `${ename}: ${evalue}`,
      todo: 'run it without --resume, from the start',
    });
  }
}

/** A cell that misses a variable says where that went. */
export function explainLost({ cell, error }: FailedCell, { lost }: Resumption): void {
  const name = /^([\p{ID_Start}$_][\p{ID_Continue}$]*) is not defined/u.exec(error.evalue)?.[1];
  const maker = name === undefined ? undefined : lost.get(name);
  if (!maker) return;
  const why = `"${name}" was made by In [${maker.execution_count}], which --resume did not run again. Tag that cell "setup" to have it run again, or run the notebook from the start.`;
  const explained = errorOutput({
    ...error,
    evalue: `${error.evalue}\n${why}`,
    traceback: [...error.traceback, why],
  });
  cell.outputs = cell.outputs.map(output => (output.output_type === 'error' ? explained : output));
  Object.assign(error, explained);
}
