import { isUtf8 } from 'node:buffer';
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
  /** Bytes of both streams together that were not kept: of long output the newest are. */
  droppedBytes: number;
  /** Of stdout that is no UTF-8 text: `stdout` then has replacement characters in it, and `stdoutBytes` is made of this. */
  stdoutBase64?: string;
  /** The file here that has all of stdout (`toFile`). */
  stdoutFile?: string;
}

/** A result that can be taken apart as a tuple: `const [status, stdout] = await foo.execute('id')`. */
export type TupleResult = CommandResult &
  Iterable<number | string> & { readonly 0: number; readonly 1: string; readonly stdoutBytes: Uint8Array };

/**
 * Bytes of each stream that are kept of a command on so many machines at once: 16 MiB, of all together 256 MiB; 1 MiB when a file
 * takes stdout.
 */
export const keptBytes = (among: number, inFile: boolean): number =>
  Math.min(inFile ? 1 << 20 : 16 << 20, Math.ceil((256 << 20) / among));

export function commandResult(node: string, command: string, result: ExecResult): CommandResult {
  const stdout = result.droppedBytes > 0 ? wholeCharacters(result.stdout) : result.stdout;
  return {
    node,
    command,
    status: result.status,
    stdout: stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    startedAt: result.startedAt.toISOString(),
    durationMs: result.durationMs,
    timedOut: result.timedOut,
    signal: signalName(result.status),
    droppedBytes: result.droppedBytes,
    ...(isUtf8(stdout) ? {} : { stdoutBase64: stdout.toString('base64') }),
  };
}

/** Text whose beginning was cut off, from the first whole character on. */
function wholeCharacters(text: Buffer): Buffer {
  let begin = 0;
  while (begin < 3 && (text[begin]! & 0xc0) === 0x80) begin++;
  return text.subarray(begin);
}

/** Adds the tuple's side, invisible to JSON and to listings of the properties. */
export function asTuple(result: CommandResult): TupleResult {
  // A prompt in the front's own process is given what the front has made.
  if (Symbol.iterator in result) return result as TupleResult;
  const hidden = { enumerable: false };
  return Object.defineProperties(result, {
    0: { ...hidden, value: result.status },
    1: { ...hidden, value: result.stdout },
    stdoutBytes: { ...hidden, get: () => bytesOf(result) },
    [Symbol.iterator]: { ...hidden, value: () => [result.status, result.stdout][Symbol.iterator]() },
  }) as TupleResult;
}

function bytesOf({ stdout, stdoutBase64 }: CommandResult): Uint8Array {
  return stdoutBase64 === undefined ? Buffer.from(stdout, 'utf8') : Buffer.from(stdoutBase64, 'base64');
}

function signalName(status: number): string | null {
  if (status <= 128) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return found?.[0] ?? null;
}
