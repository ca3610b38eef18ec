import type { Row } from '../../display/table.js';
import { InterruptedError, NxcError } from '../../errors.js';
import { isObject } from '../../is-object.js';
import { type RpcClient, RpcError } from '../../rpc.js';
import { checkOptions, requireFunction } from '../known-options.js';
import { shown } from '../shown.js';
import type { Point } from '../sweep/space.js';
import type { Changed } from '../sweep/step.js';

/** A sweep that ended before its last point. */
class SweepError extends NxcError {}

export interface SweepOptions {
  /** A file of rows: what is there already is not run again. */
  resume?: string;
  /** What becomes of the rows in the file when `run` has changed since. */
  changed?: Changed;
}

type Space = Readonly<Record<string, readonly unknown[]>>;
type Run = (point: Point) => Row | Promise<Row>;

/**
 * `sweep(space, run, options)`: calls `run` for every combination that has no row yet, one after the other, and gives all rows.
 * `sweep.rows` are those of the last sweep, also of one that failed or was interrupted.
 */
export function sweeps(rpc: RpcClient) {
  const sweep = async (space: Space, run: Run, options: SweepOptions = {}): Promise<Row[]> => {
    requireFunction('sweep', run);
    checkOptions('sweep', options, ['resume', 'changed']);
    const step = { language: 'typescript', source: String(run) };
    const begun = await rpc.request('sweep.begin', { space, step, ...options });
    const { id, left, rows } = begun as { id: number; left: Point[]; rows: Row[] };
    all.rows = rows;
    try {
      for (const [index, point] of left.entries()) {
        const row = rowOf(await run(point), point);
        rows.push({ ...point, ...row });
        await rpc
          .request('sweep.record', { id, point, row, next: left[index + 1] })
          .catch(notRecorded(point));
      }
    } catch (error) {
      // What failed is the step; an interrupted cell cannot ask for anything any more.
      await rpc.request('sweep.end', { id }).catch(() => {});
      throw error;
    }
    all.rows = (await rpc.request('sweep.end', { id })) as Row[];
    return [...all.rows];
  };
  const all = Object.assign(sweep, { rows: [] as Row[] });
  return all;
}

function rowOf(value: unknown, point: Point): Row {
  if (isObject(value)) return value as Row;
  throw new NxcError({
    asked: `the function of a sweep gave ${shown(value)} for ${shown(point)}`,
    todo: 'let it return a row: sweep(space, async point => ({ throughput: 12 }))',
  });
}

/** The row was measured and is not lost; what cannot be written is named by the error. */
function notRecorded(point: Point): (error: unknown) => never {
  return error => {
    const ours = error instanceof NxcError || (error instanceof RpcError && error.user);
    if (!ours || error instanceof InterruptedError) throw error;
    const [problem, ...more] = error.message.split('\n').filter(line => !line.startsWith('to do: '));
    throw new SweepError({
      asked: `the row of ${shown(point)} cannot be recorded: ${problem}`,
      ...(more.length > 0 ? { found: more.join('; ').replace(/^found: /, '') } : {}),
      todo: 'the rows that were measured, this one too, are in sweep.rows',
    });
  };
}
