import { cellError } from '../session/cell-error.js';
import type { CellError } from '../session/interpreter.js';

/** An error that has its final shape already: that of TypeScript code, with the lines of its cell. */
export class CellFailure extends Error {
  constructor(readonly error: CellError) {
    super(error.evalue);
  }
}

/** Line of the cell, from 0, and the magic on it. */
export interface MagicLine {
  line: number;
  text: string;
}

/** With the line of the cell; one that has its final shape stays as it is. */
export function errorOf(error: unknown, magic?: MagicLine): CellError {
  if (error instanceof CellFailure) return error.error;
  return cellError(error, magic && [`\x1b[2mline ${magic.line + 1}:\x1b[0m ${magic.text.trim()}`]);
}
