import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname, parse, resolve } from 'node:path';
import { NxcError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { anyOf } from '../shared-signal.js';
import { reasonOf } from '../write-error.js';

/** `out.log` as it is for one node, `out.NODE.log` for each of several. */
export function fileOf(path: string, node: string, among: number): string {
  if (among === 1) return path;
  const { dir, name, ext } = parse(path);
  return resolve(dir, `${name}.${node}${ext}`);
}

/**
 * Takes a command's output onto the disk while it runs. Written in the turn in which a chunk arrives, so that output faster than
 * the disk waits in the node's pipe and not in this process.
 */
export class StdoutFile {
  /** Why it could not be written; the command is then stopped. */
  error: NxcError | undefined;
  readonly #file: number;
  readonly #stop = new AbortController();

  constructor(readonly path: string) {
    try {
      makeFolder(dirname(path));
      this.#file = openSync(path, 'w');
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** Aborts with the given one, and when the file cannot be written. */
  signalWith(signal: AbortSignal): AbortSignal {
    return anyOf(signal, this.#stop.signal);
  }

  push(chunk: Buffer): void {
    if (this.error) return;
    try {
      for (let written = 0; written < chunk.length; ) written += writeSync(this.#file, chunk, written);
    } catch (cause) {
      this.error = unwritable(this.path, cause);
      this.#stop.abort();
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function unwritable(path: string, cause: unknown): NxcError {
  return new NxcError({
    asked: `the output cannot be written to ${path}`,
    found: reasonOf(cause as Error),
    cause,
  });
}
