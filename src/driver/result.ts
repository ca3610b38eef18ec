import { constants } from 'node:os';
import type { ExecResult } from '../transports/transport.js';

/** What a command on a node gave. JSON; `[status, stdout]` works on it as on the NixOS driver's tuple. */
export interface CommandResult {
  node: string;
  command: string;
  /** Exit status; 128 + signal number when a signal ended it; -1 when it timed out. */
  status: number;
  stdout: string;
  stderr: string;
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
  timedOut: boolean;
  /** `SIGKILL` when a signal ended it. */
  signal: string | null;
}

/** A result that can be taken apart as a tuple: `const [status, stdout] = await foo.execute('id')`. */
export type TupleResult = CommandResult &
  Iterable<number | string> & { readonly 0: number; readonly 1: string };

export function commandResult(node: string, command: string, result: ExecResult): CommandResult {
  return {
    node,
    command,
    status: result.status,
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    startedAt: result.startedAt.toISOString(),
    durationMs: result.durationMs,
    timedOut: result.timedOut,
    signal: signalName(result.status),
  };
}

/** Adds the tuple's side, invisible to JSON and to listings of the properties. */
export function asTuple(result: CommandResult): TupleResult {
  const hidden = { enumerable: false };
  return Object.defineProperties(result, {
    0: { ...hidden, value: result.status },
    1: { ...hidden, value: result.stdout },
    [Symbol.iterator]: { ...hidden, value: () => [result.status, result.stdout][Symbol.iterator]() },
  }) as TupleResult;
}

function signalName(status: number): string | null {
  if (status <= 128) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return found?.[0] ?? null;
}
