import type { CommandContext } from '../../src/index.js';
import type { Cell, Completion } from '../session/interpreter.js';
import type { Notebook } from './notebook.js';
import type { NotebookDisplay } from './notebook-display.js';

/** What a magic is called with. */
export interface MagicCall {
  notebook: Notebook;
  cell: Cell;
  display: NotebookDisplay;
  /** What stands behind the name, as it was written. */
  text: string;
  /** The same as words, with `{expression}`s replaced by their values. */
  words(): Promise<string[]>;
  /** And with `$NAME` and `${NAME}` replaced by the values of environment variables, as a shell does; one that is not set is empty, with a warning. */
  expandedWords(options?: { unset?: 'warn' | 'refuse' }): Promise<string[]>;
  /** For verbs of `nxc`. */
  context: CommandContext;
  /** Runs code as a cell of its own would, within this cell; throws CellFailure. */
  run(body: Body): Promise<void>;
  /** Every magic by name. */
  allMagics(): Promise<Array<[string, Magic]>>;
}

/** Lines of a cell. */
export interface Body {
  text: string;
  /** Line of the cell on which it begins, from 0. */
  firstLine: number;
}

export interface MagicCompletion {
  notebook: Notebook;
  /** Of a line, or of a whole cell. */
  sign: '%' | '%%';
  /** The words before the one being completed. */
  before: readonly string[];
  word: string;
}

/** A place in the lines below `%%name …`. */
export interface BodyPlace {
  notebook: Notebook;
  /** The words behind the name. */
  words: readonly string[];
  /** The lines up to the cursor, and behind it. */
  before: string;
  after: string;
}

/** What may stand at a place: `word` before the cursor is replaced by a match. */
export interface BodyCompletion {
  word: string;
  matches: NonNullable<Completion['types']>;
}

/** One magic. Being in the registry makes it work, complete, and explain itself. Throws NxcError for what the user can mend. */
export interface Magic {
  summary: string;
  /** Lines that show how it is written. */
  usage: readonly string[];
  /** `%name …`; absent where it has no such form. */
  line?(call: MagicCall): Promise<void>;
  /** `%%name …` with the lines below. */
  cell?(call: MagicCall, body: Body): Promise<void>;
  /** What follows it runs as a cell of its own would, so it also completes and is explained as one. */
  takesCell?: true;
  /** Of what it gives, that counts which begins with the word. */
  complete?(request: MagicCompletion): Promise<readonly string[]>;
  completeBody?(place: BodyPlace): Promise<BodyCompletion | undefined>;
  inspectBody?(place: BodyPlace): Promise<string | undefined>;
  /** Explains more than summary and usage do; the words are those behind the name. */
  help?(words: readonly string[]): Promise<string | undefined>;
}
