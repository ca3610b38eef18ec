import { NxcError } from '../src/errors.js';

/** For a terminal: what the user can mend without stack, a bug with it. */
export function describeError(error: unknown): string {
  if (error instanceof NxcError) return `\x1b[31mnxc:\x1b[0m ${error.message}\n`;
  return `\x1b[31mnxc has a bug:\x1b[0m ${error instanceof Error ? error.stack : String(error)}\n`;
}
