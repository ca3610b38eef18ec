/**
 * What a cell means: TypeScript, with line magics among it, or a magic of its own. One file a magic in magics/;
 * everything else here serves them.
 */
import { fileURLToPath } from 'node:url';
import { InterruptedError, nearest } from '../../src/index.js';
import { blankOptionLines } from '../option-lines.js';
import type {
  Cell,
  CellError,
  Completeness,
  Completion,
  Interpreter,
  MimeData,
} from '../session/interpreter.js';
import { complete } from './complete.js';
import { CellFailure, errorOf } from './error-of.js';
import { explainForgottenMagic } from './forgotten-magic.js';
import { explain, helpRequest, unknownName } from './help.js';
import { interpolatedWords } from './interpolate.js';
import type { Body, MagicCall } from './magic.js';
import { explainMagicInBlock } from './magic-in-block.js';
import { allMagics, isMagic, loadMagic } from './magics/registry.js';
import { explainMissingName } from './missing-machine.js';
import { Notebook } from './notebook.js';
import type { NotebookDisplay } from './notebook-display.js';
import { blankMagics, cellMagic, type Piece, splitPieces } from './split.js';
import { MagicError } from './words.js';

export interface InterpreterOptions {
  /** Identifies the kernel, also after a restart, or the run of `nxc run`, also when it is resumed. */
  keeper: string;
  /** It runs the notebook from its beginning to its end. */
  isRun: boolean;
  /** The file that `nxc run` writes after every cell. */
  executed?: string;
}

export async function createInterpreter(options: InterpreterOptions): Promise<Interpreter> {
  const file = process.env.JPY_SESSION_NAME;
  const notebook = new Notebook({
    cwd: process.cwd(),
    env: process.env,
    ...options,
    ...(file === undefined ? {} : { file: file.startsWith('file:') ? fileURLToPath(file) : file }),
  });
  // While nobody waits: the first cell finds the process of TypeScript cells running.
  void notebook.typescript();
  notebook.lookUp();
  return new CellInterpreter(notebook);
}

/** Milliseconds that an inspection waits for types: a busy machine may take half a minute to load them. Nothing else waits for it. */
const TYPES_WITHIN = 60_000;

type MagicPiece = Exclude<Piece, { kind: 'typescript' }>;

class CellInterpreter implements Interpreter {
  constructor(private readonly notebook: Notebook) {}

  async execute(cell: Cell): Promise<CellError | undefined> {
    const { notebook } = this;
    const display = notebook.open(cell);
    const greeted = cell.silent ? undefined : notebook.greet(display, cell.signal);
    try {
      const text = unixText(cell.code);
      const asked = helpRequest(blankOptionLines(text));
      if (asked === undefined) await this.#run({ text, firstLine: 0 }, cell, display);
      else await this.#help(asked, cell);
      return undefined;
    } catch (error) {
      return errorOf(cell.signal.aborted && !tellsOfInterrupt(error) ? new InterruptedError() : error);
    } finally {
      await greeted;
      notebook.closeCell(cell);
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
    // At first the language process is still starting: an answer without types would be of our own object, not of the method.
    return explain(this.notebook, code, cursor, detail, AbortSignal.timeout(TYPES_WITHIN));
  }

  async isComplete(text: string): Promise<Completeness> {
    const code = blankOptionLines(unixText(text));
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

  async #run({ text: written, firstLine }: Body, cell: Cell, display: NotebookDisplay): Promise<void> {
    const text = blankOptionLines(written);
    const whole = cellMagic(text);
    if (whole) {
      const magic = await loadMagic(whole.magic, '%%');
      const body = { text: whole.body, firstLine: firstLine + whole.bodyLine };
      return magic.cell!(this.#call(whole.rest, cell, display), body);
    }
    const pieces = splitPieces(text, isMagic);
    for (const piece of pieces) {
      if (cell.signal.aborted) throw new InterruptedError();
      const at = firstLine + (piece.kind === 'typescript' ? piece.firstLine : piece.line);
      if (piece.kind === 'typescript') await this.#typescript(piece.code, at, cell, piece === pieces.at(-1));
      else await this.#line(piece, at, cell, display);
      // Before what comes next writes: outputs keep the order of the cell.
      await display.settled();
    }
  }

  async #typescript(code: string, firstLine: number, cell: Cell, last: boolean): Promise<void> {
    const { id, executionCount, output, signal, silent } = cell;
    const typescript = await this.notebook.typescript();
    await this.notebook.lookedUp(signal);
    const outcome = await typescript.run({ cellId: id, executionCount, code, firstLine, output, signal });
    if (!outcome.ok) {
      throw new CellFailure(await this.#explained(outcome.error, code, firstLine));
    }
    if (last && outcome.value && !silent) output.result(outcome.value);
  }

  /** With what the user may have meant. */
  async #explained(error: CellError, code: string, firstLine: number): Promise<CellError> {
    const explained = explainForgottenMagic(explainMagicInBlock(error, code), code, firstLine);
    return explained === error ? explainMissingName(error, this.notebook) : explained;
  }

  async #line(piece: MagicPiece, line: number, cell: Cell, display: NotebookDisplay): Promise<void> {
    try {
      if (piece.kind === 'misplaced') {
        const todo = 'move it to the top of a cell of its own';
        throw new MagicError({ asked: `${piece.text} is not on the first line of its cell`, todo });
      }
      const magic = await loadMagic(piece.magic, '%');
      await magic.line!(this.#call(piece.rest, cell, display));
    } catch (error) {
      if (cell.signal.aborted) throw error;
      throw new CellFailure(errorOf(error, { line, text: piece.text }));
    }
  }

  #call(text: string, cell: Cell, display: NotebookDisplay): MagicCall {
    return {
      notebook: this.notebook,
      cell,
      display,
      text,
      words: () => interpolatedWords(text, this.notebook.lookup),
      expandedWords: ({ unset = 'warn' } = {}) =>
        interpolatedWords(text, this.notebook.lookup, {
          env: this.notebook.workspace.env,
          unset: name => {
            if (unset === 'refuse') throw this.#noVariable(name, text);
            display.write(this.#unset(name), 'stderr');
          },
        }),
      context: this.notebook.commandContext(display, cell.signal, cell.id),
      run: body => this.#run(body, cell, display),
      allMagics,
    };
  }

  #unset(name: string): string {
    const [near] = nearest(name, Object.keys(this.notebook.workspace.env));
    return `no variable ${name} is set: nothing stands in its place${near ? `; did you mean ${near}?` : ''}\n`;
  }

  #noVariable(name: string, line: string): MagicError {
    return new MagicError({
      asked: `no variable ${name} is set, for ${line.trim()}`,
      nearest: nearest(name, Object.keys(this.notebook.workspace.env)),
      todo: `set it with %env ${name}=…; single quotes or a backslash keep the character: '$${name}'`,
    });
  }

  async #help(asked: string, cell: Cell): Promise<void> {
    const found = await explain(this.notebook, asked, asked.length, 1, cell.signal);
    if (!found) throw await unknownName(asked, this.notebook);
    cell.output.display(found);
  }
}

/** Notebooks that were written on other systems have other ends of lines, and files a mark of their byte order. */
function unixText(code: string): string {
  return code.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

/** That of TypeScript code may have more to tell: that the variables are gone. */
function tellsOfInterrupt(error: unknown): boolean {
  return error instanceof CellFailure && error.error.ename === 'InterruptedError';
}
