import type { Row } from '../../display/table.js';
import { NxcError } from '../../errors.js';
import { isObject } from '../../is-object.js';
import type { RpcClient } from '../../rpc.js';
import { checkOptions, requireFunction } from '../known-options.js';
import type { Point } from '../sweep/space.js';

/** `sweep(space, run, options)`: calls `run` for every combination that has no row yet, one after the other, and gives all rows. */
export function sweeps(rpc: RpcClient) {
  return async (
    space: Readonly<Record<string, readonly unknown[]>>,
    run: (point: Point) => Row | Promise<Row>,
    options: { resume?: string } = {},
  ): Promise<Row[]> => {
    requireFunction('sweep', run);
    checkOptions('sweep', options, ['resume']);
    const { resume } = options;
    const begun = await rpc.request('sweep.begin', { space, resume });
    const { id, left } = begun as { id: number; left: Point[] };
    try {
      for (const [index, point] of left.entries()) {
        const row = rowOf(await run(point), point);
        await rpc.request('sweep.record', { id, point, row, next: left[index + 1] });
      }
    } catch (error) {
      // What failed is the step; an interrupted cell cannot ask for anything any more.
      await rpc.request('sweep.end', { id }).catch(() => {});
      throw error;
    }
    return (await rpc.request('sweep.end', { id })) as Row[];
  };
}

function rowOf(value: unknown, point: Point): Row {
  if (isObject(value)) return value as Row;
  throw new NxcError({
    asked: `the function of a sweep gave ${value === undefined ? 'nothing' : JSON.stringify(value)} for ${JSON.stringify(point)}`,
    todo: 'let it return a row: sweep(space, async point => ({ throughput: 12 }))',
  });
}
