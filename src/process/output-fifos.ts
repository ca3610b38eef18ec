import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { FifoReader, openReader, openWriter } from './fifo.js';

// FIFOs in place of the sockets that Node gives programs for their output: scripts open /dev/stdout and /dev/stderr, which
// fails for a socket, and whoever waited for a program can read at once all that it wrote.

const NAMES = ['stdout', 'stderr'] as const;
export type OutputName = (typeof NAMES)[number];

/** Arguments with which `mkfifo` makes both in a folder. */
export const mkfifoArguments = (folder: string): string[] => [
  '-m',
  '600',
  ...NAMES.map(name => join(folder, name)),
];

/** Descriptors to give to programs, once somebody reads; throws ENXIO when nobody does. */
export function openOutputs(folder: string): Record<OutputName, number> {
  const open = (name: OutputName) => {
    const path = join(folder, name);
    // To wait for a reader that is not there would be for ever. Programs expect descriptors that do block.
    const probe = openWriter(path);
    try {
      return openSync(path, constants.O_WRONLY);
    } finally {
      closeSync(probe);
    }
  };
  return { stdout: open('stdout'), stderr: open('stderr') };
}

/** The reading end of both. */
export class OutputReader {
  /** Settles when the last program that could write has ended or closed them. */
  readonly ended: Promise<unknown>;
  readonly #readers: FifoReader[] = [];
  readonly #ends: Array<() => void> = [];

  constructor(folder: string, show: (name: OutputName, text: string) => void) {
    this.ended = Promise.all(
      NAMES.map(name => {
        const decoder = new StringDecoder('utf8');
        const give = (text: string) => text && show(name, text);
        return new Promise<void>(resolve => {
          const end = () => {
            give(decoder.end());
            resolve();
          };
          this.#ends.push(end);
          this.#readers.push(
            new FifoReader(openReader(join(folder, name)), chunk => void give(decoder.write(chunk)), end),
          );
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
