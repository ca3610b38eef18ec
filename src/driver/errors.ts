import { formatDuration } from '../duration.js';
import { NxcError } from '../errors.js';
import { formatValue } from '../plots/units.js';
import type { CommandResult } from './result.js';

const shownLines = 15;

/** What the user's test asserted is not so: a command failed, a wait ran out. Infrastructure failures are TransportErrors. */
export class AssertionFailed extends NxcError {
  /** The command's result, when a command was asked. */
  readonly data?: CommandResult;

  constructor(asked: string, result?: CommandResult, more?: { todo?: string; nearest?: readonly string[] }) {
    super({ asked, ...more, ...(result ? { found: outcome(result) } : {}) });
    if (result) this.data = result;
  }
}

function outcome(result: CommandResult): string {
  const how = result.timedOut
    ? `timed out after ${formatDuration(result.durationMs)}`
    : `status ${result.status}${result.signal ? ` (${result.signal})` : ''} after ${formatDuration(result.durationMs)}`;
  const missing = result.droppedBytes > 0 ? notKept(result) : '';
  return [how, missing, tail('stdout', result.stdout), tail('stderr', result.stderr)]
    .filter(Boolean)
    .join('\n');
}

/** In words, of a result that has dropped bytes. */
export function notKept({ command, droppedBytes, stdoutFile }: CommandResult): string {
  const how = stdoutFile
    ? `all of its stdout is in ${stdoutFile}`
    : 'toFile (Python: to_file) takes all of it';
  return `the first ${formatValue(droppedBytes, 'B')} of what \`${command.slice(0, 60)}\` wrote were not kept; ${how}`;
}

/** The last lines of a stream, each with a bar before it; nothing for an empty stream. */
export function tail(name: string, text: string, lines = shownLines): string {
  const all = text.trimEnd().split('\n');
  if (all.length === 1 && all[0] === '') return '';
  const head = all.length > lines ? `${name}, last ${lines} of ${all.length} lines:` : `${name}:`;
  return [head, ...all.slice(-lines).map(line => `  ${line}`)].join('\n');
}
