import type { Display } from '../display/display.js';
import type { RpcCall } from '../rpc.js';
import type { Handler } from './measures.js';
import type { Params } from './params.js';
import { type Subtest, SubtestBoard, type SubtestFailure } from './subtests.js';
import { showTicking, type Ticking } from './ticking.js';

const kinds = ['assertion', 'infrastructure', 'interrupt', 'error'] as const;

/** The boards of the cells that run, and the calls `subtest.begin` and `subtest.end`. */
export class SubtestBoards {
  readonly #boards = new Map<string | undefined, { board: SubtestBoard; shown: Ticking }>();

  constructor(private readonly display: (call: RpcCall) => Display) {}

  readonly handlers: Record<string, Handler> = {
    'subtest.begin': async (params, call) => {
      const [parent, points] = [params.optionalNumber('parent'), params.optionalNumber('points')];
      const options = {
        ...(parent === undefined ? {} : { parent }),
        ...(points === undefined ? {} : { points }),
      };
      return this.#change(call, board => board.begin(params.text('name'), options));
    },
    'subtest.end': async (params, call) =>
      this.#change(call, board => board.end(params.number('id'), failureIn(params))),
  };

  /** A cell has ended: its subtests that still run were cut off. Gives all of them; what comes later gets a board of its own. */
  close(cellId: string | undefined): readonly Subtest[] {
    const entry = this.#boards.get(cellId);
    if (!entry) return [];
    this.#boards.delete(cellId);
    entry.board.close();
    entry.shown.stop();
    return entry.board.subtests;
  }

  #change<T>(call: RpcCall, change: (board: SubtestBoard) => T): T {
    const known = this.#boards.get(call.cellId);
    const board = known?.board ?? new SubtestBoard();
    const value = change(board);
    if (known) known.shown.update();
    else this.#boards.set(call.cellId, { board, shown: showTicking(this.display(call), board) });
    return value;
  }
}

function failureIn(params: Params): SubtestFailure | undefined {
  const message = params.optionalText('error');
  if (message === undefined) return undefined;
  const at = params.optionalText('at');
  const kind = kinds.find(one => one === params.optionalText('kind')) ?? 'error';
  return { message, kind, ...(at === undefined ? {} : { at }) };
}
