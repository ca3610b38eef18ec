import { NxcError } from '../src/errors.js';
import { shownError } from './session/cell-error.js';

/** For a terminal. */
export function describeError(error: unknown): string {
  if (error instanceof NxcError) return `\x1b[31mnxc:\x1b[0m ${error.message}\n`;
  return `\x1b[31mnxc has a bug:\x1b[0m ${shownError(error)}\n`;
}
