import { messageOf, NxcError } from '../../src/errors.js';
import type { Content } from '../protocol/message.js';
import type { CellError } from './interpreter.js';

/** The one rule for every place that shows an error: what the user can mend without its stack, a bug with it. */
export function shownError(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const message = `\x1b[31m${error.name}\x1b[0m: ${error.message}`;
  return error instanceof NxcError ? message : (error.stack ?? message);
}

/** As a cell shows it; `where` are lines that tell its place. */
export function cellError(error: unknown, where: readonly string[] = []): CellError {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: messageOf(error) };
  return { ename: name, evalue: message, traceback: [...where, ...shownError(error).split('\n')] };
}

/** Content of the reply to a request that failed. */
export function errorReply(error: unknown): Content {
  return { status: 'error', ...cellError(error) };
}
