/**
 * What a cell means: TypeScript, with line magics among it, or a magic of its own. One file a magic in magics/;
 * everything else here serves them.
 */
import { fileURLToPath } from 'node:url';
import { InterruptedError, NxcError } from '../../src/index.js';
import type {
  Cell,
  CellError,
  Completeness,
  Completion,
  Interpreter,
  MimeData,
} from '../session/interpreter.js';
import { complete } from './complete.js';
import { errorOf } from './error-of.js';
import { explain, helpRequest } from './help.js';
import { interpolatedWords } from './interpolate.js';
import type { Body, MagicCall } from './magic.js';
import { allMagics, isMagic, loadMagic } from './magics/registry.js';
import { Notebook } from './notebook.js';
import type { NotebookDisplay } from './notebook-display.js';
import { blankMagics, cellMagic, type Piece, splitPieces } from './split.js';
import { MagicError } from './words.js';

export async function createInterpreter(): Promise<Interpreter> {
  const file = process.env.JPY_SESSION_NAME;
  const notebook = new Notebook({
    cwd: process.cwd(),
    env: process.env,
    ...(file === undefined ? {} : { file: file.startsWith('file:') ? fileURLToPath(file) : file }),
  });
  // While nobody waits: the first cell finds the process of TypeScript cells running.
  void notebook.typescript();
  void notebook.refresh();
  return new CellInterpreter(notebook);
}

class CellInterpreter implements Interpreter {
  constructor(private readonly notebook: Notebook) {}

  async execute(cell: Cell): Promise<CellError | undefined> {
    const display = this.notebook.open(cell);
    try {
      const asked = helpRequest(cell.code);
      if (asked !== undefined) return await this.#help(asked, cell);
      return await this.#run({ text: cell.code, firstLine: 0 }, cell, display);
    } catch (error) {
      return errorOf(cell.signal.aborted ? new InterruptedError() : error);
    } finally {
      this.notebook.driver.finish(cell.id);
      await display.settled();
    }
  }

  async evaluate(
    expression: string,
  ): Promise<{ data: MimeData; metadata: Record<string, unknown> } | CellError> {
    const outcome = await (await this.notebook.typescript()).evaluate(expression);
    if (!outcome.ok) return outcome.error;
    return { data: outcome.value ?? { 'text/plain': 'undefined' }, metadata: {} };
  }

  complete(code: string, cursor: number): Promise<Completion> {
    return complete(this.notebook, code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeData | undefined> {
    return explain(this.notebook, code, cursor, detail);
  }

  async isComplete(code: string): Promise<Completeness> {
    // The lines below a cell magic may be any text: an empty line ends them, as in other kernels.
    if (cellMagic(code))
      return /\n[ \t]*\n?$/.test(code) ? { status: 'complete' } : { status: 'incomplete', indent: '' };
    const typescript = blankMagics(code, isMagic);
    if (typescript.trim() === '') return { status: 'complete' };
    return (await this.notebook.typescript()).isComplete(typescript);
  }

  async interrupt(): Promise<void> {
    await (await this.notebook.typescript()).interrupt();
  }

  async shutdown(restart: boolean): Promise<void> {
    await this.notebook.close({ stopDeployments: !restart });
  }

  async #run(
    { text, firstLine }: Body,
    cell: Cell,
    display: NotebookDisplay,
  ): Promise<CellError | undefined> {
    const whole = cellMagic(text);
    if (whole) {
      const magic = await loadMagic(whole.magic, '%%');
      const body = { text: whole.body, firstLine: firstLine + whole.bodyLine };
      return (await magic.cell!(this.#call(whole.rest, cell, display), body)) ?? undefined;
    }
    const pieces = splitPieces(text, isMagic);
    for (const piece of pieces) {
      if (cell.signal.aborted) throw new InterruptedError();
      const error = await this.#runPiece(piece, firstLine, { cell, display, last: piece === pieces.at(-1) });
      if (error) return error;
    }
    return undefined;
  }

  async #runPiece(
    piece: Piece,
    firstLine: number,
    { cell, display, last }: { cell: Cell; display: NotebookDisplay; last: boolean },
  ): Promise<CellError | undefined> {
    if (piece.kind === 'misplaced') {
      const { line, text } = piece;
      const todo = 'move it to the top of a cell of its own';
      return errorOf(new MagicError({ asked: `${text} is not on the first line of its cell`, todo }), {
        line: firstLine + line,
        text,
      });
    }
    if (piece.kind === 'line') {
      try {
        const magic = await loadMagic(piece.magic, '%');
        return (await magic.line!(this.#call(piece.rest, cell, display))) ?? undefined;
      } catch (error) {
        if (cell.signal.aborted) throw error;
        return errorOf(error, { line: firstLine + piece.line, text: `%${piece.magic} ${piece.rest}` });
      } finally {
        await display.settled();
      }
    }
    const { id, executionCount, output, signal } = cell;
    const outcome = await (await this.notebook.typescript()).run({
      cellId: id,
      executionCount,
      code: piece.code,
      firstLine: firstLine + piece.firstLine,
      output,
      signal,
    });
    await display.settled();
    if (!outcome.ok) return outcome.error;
    if (last && outcome.value && !cell.silent) output.result(outcome.value);
    return undefined;
  }

  #call(text: string, cell: Cell, display: NotebookDisplay): MagicCall {
    return {
      notebook: this.notebook,
      cell,
      display,
      text,
      words: () => interpolatedWords(text, this.notebook.lookup),
      context: this.notebook.commandContext(display, cell.signal, cell.id),
      run: body => this.#run(body, cell, display),
      allMagics,
    };
  }

  async #help(asked: string, cell: Cell): Promise<CellError | undefined> {
    const found = await explain(this.notebook, asked, asked.length, 1);
    if (!found) throw new NxcError({ asked: `nothing is known about ${asked}` });
    cell.output.display(found);
    return undefined;
  }
}
