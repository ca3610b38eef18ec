import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { FifoReader, openReader, openWriter } from './fifo.js';

// FIFOs in place of the sockets that Node gives programs for their output: scripts open /dev/stdout and /dev/stderr, which
// fails for a socket, and whoever waited for a program can read at once all that it wrote.

const NAMES = ['stdout', 'stderr'] as const;
export type OutputName = (typeof NAMES)[number];

/**
 * Descriptors to give to programs. `read` is called with the folder of the FIFOs, which is gone afterwards: somebody must read
 * them when it returns, or this throws.
 */
export function makeOutputs(read: (folder: string) => void): Record<OutputName, number> {
  const folder = mkdtempSync(join(tmpdir(), 'nxc-outputs-'));
  try {
    execFileSync('mkfifo', ['-m', '600', ...NAMES.map(name => join(folder, name))], { stdio: 'ignore' });
    read(folder);
    return { stdout: openOutput(join(folder, 'stdout')), stderr: openOutput(join(folder, 'stderr')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openOutput(path: string): number {
  // To wait for a reader that is not there would be for ever. Programs expect descriptors that do block.
  const probe = openWriter(path);
  try {
    return openSync(path, constants.O_WRONLY);
  } finally {
    closeSync(probe);
  }
}

/** The reading end of both. */
export class OutputReader {
  /** Settles when the last program that could write has ended or closed them. */
  readonly ended: Promise<unknown>;
  readonly #readers: FifoReader[] = [];
  readonly #ends: Array<() => void> = [];

  constructor(folder: string, show: (name: OutputName, text: string) => void) {
    const descriptors = NAMES.map(name => openReader(join(folder, name)));
    this.ended = Promise.all(
      NAMES.map((name, i) => {
        const decoder = new StringDecoder('utf8');
        const give = (text: string) => text && show(name, text);
        return new Promise<void>(resolve => {
          const end = () => {
            give(decoder.end());
            resolve();
          };
          this.#ends.push(end);
          this.#readers.push(new FifoReader(descriptors[i]!, chunk => void give(decoder.write(chunk)), end));
        });
      }),
    );
  }

  /** Shows all that was written before the call. */
  drain(): void {
    for (const reader of this.#readers) reader.drain();
  }

  /** Reads no more, whoever still writes. */
  close(): void {
    for (const reader of this.#readers) reader.close();
    for (const end of this.#ends) end();
  }
}
