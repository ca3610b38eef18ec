/**
 * Sweeps: an experiment run for every combination of its parameters. The function of a point runs in the client; which points are
 * left, rows on the disk and the line of progress are here, so that TypeScript and Python have the same.
 */
import { resolve } from 'node:path';
import type { Display } from '../../display/display.js';
import type { RpcCall } from '../../rpc.js';
import { CallError } from '../calls.js';
import type { Handler } from '../measures.js';
import { Params } from '../params.js';
import { showTicking, type Ticking } from '../ticking.js';
import { changedOf, stepOf } from './step.js';
import { Sweep } from './sweep.js';

interface Running {
  sweep: Sweep;
  shown: Ticking;
  cellId: string | undefined;
}

/** The calls `sweep.begin` `{space, resume, step, changed}` → `{id, left, rows}`, `sweep.record` `{id, point, row, next}`, `sweep.end` `{id}` → rows. */
export class Sweeps {
  readonly #running = new Map<number, Running>();
  #lastId = 0;

  constructor(
    private readonly cwd: () => string,
    private readonly display: (call: RpcCall) => Display,
  ) {}

  readonly handlers: Record<string, Handler> = {
    'sweep.begin': async ({ all }, call) => {
      // Errors are read by whoever wrote `sweep(…)`.
      const params = new Params('sweep', all);
      const resume = params.optionalText('resume');
      const file = resume === undefined ? undefined : resolve(this.cwd(), resume);
      const step = stepOf(params);
      const changed = changedOf(params);
      const sweep = await Sweep.begin(all.space, {
        ...(file === undefined ? {} : { path: file }),
        ...(step === undefined ? {} : { step }),
        ...(changed === undefined ? {} : { changed }),
      });
      const id = ++this.#lastId;
      const left = sweep.left;
      if (left[0]) sweep.step(left[0]);
      this.#running.set(id, { sweep, shown: showTicking(this.display(call), sweep), cellId: call.cellId });
      return { id, left, rows: sweep.rows };
    },
    'sweep.record': async params => {
      const { sweep, shown } = this.#find(params);
      const next = params.optionalObject('next');
      await sweep.record(params.object('point'), params.object('row'));
      if (next) sweep.step(next);
      shown.update();
    },
    'sweep.end': async params => {
      const { sweep } = this.#find(params);
      await this.#end(params.number('id'));
      return sweep.rows;
    },
  };

  /** The sweeps of a cell that has ended: no row comes any more. */
  async close(cellId: string | undefined): Promise<void> {
    for (const [id, running] of [...this.#running]) if (running.cellId === cellId) await this.#end(id);
  }

  async #end(id: number): Promise<void> {
    const { sweep, shown } = this.#running.get(id)!;
    this.#running.delete(id);
    await sweep.end().finally(() => shown.stop());
  }

  #find(params: Params): Running {
    const running = this.#running.get(params.number('id'));
    if (running) return running;
    throw new CallError('this sweep has ended: its cell is over');
  }
}
