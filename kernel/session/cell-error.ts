import { NxcError } from '../../src/errors.js';
import type { Content } from '../protocol/message.js';
import type { CellError } from './interpreter.js';

/** As a cell shows it: an error that the user can act on without a stack, a bug with it. */
export function cellError(error: unknown): CellError {
  if (!(error instanceof Error)) return { ename: 'Error', evalue: String(error), traceback: [String(error)] };
  const shown =
    error instanceof NxcError ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
  return { ename: error.name, evalue: error.message, traceback: shown.split('\n') };
}

/** Content of the reply to a request that failed. */
export function errorReply(error: unknown): Content {
  return { status: 'error', ...cellError(error) };
}
