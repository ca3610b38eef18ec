import { NxcError } from '../../src/index.js';
import type { CellError } from '../session/interpreter.js';

/** An error that has its final shape already: that of TypeScript code, with the lines of its cell. */
export class CellFailure extends Error {
  constructor(readonly error: CellError) {
    super(error.evalue);
  }
}

/** Line of the cell, from 0, and the magic on it. */
export interface Place {
  line: number;
  text: string;
}

/** What the user can mend is shown without stack, with the line of the cell; a bug shows its stack. */
export function errorOf(error: unknown, place?: Place): CellError {
  if (error instanceof CellFailure) return error.error;
  if (!(error instanceof Error)) return { ename: 'Error', evalue: String(error), traceback: [String(error)] };
  const head = `\x1b[31m${error.name}\x1b[0m: `;
  const text = error instanceof NxcError ? head + error.message : (error.stack ?? head + error.message);
  const where = place ? [`\x1b[2mline ${place.line + 1}:\x1b[0m ${place.text.trim()}`] : [];
  return { ename: error.name, evalue: error.message, traceback: [...where, ...text.split('\n')] };
}
