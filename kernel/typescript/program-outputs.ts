import { OutputReader } from '../../src/client.js';
import type { Stream } from './messages.js';

/**
 * What programs write that cells start with inherited stdout or stderr. A cell has FIFOs of its own for them, which last as
 * long as any descendant holds them: what is written there belongs to that cell, however late it comes and whatever
 * the evaluator does meanwhile.
 */
export class ProgramOutputs {
  readonly #readers = new Set<OutputReader>();

  constructor(private readonly show: (message: Stream) => void) {}

  /** Begins to read; `folder` is not needed any more afterwards. Programs of a folder without FIFOs have other outputs. */
  read(cellId: string, folder: string): void {
    try {
      const reader = new OutputReader(folder, (name, text) =>
        this.show({ type: 'stream', cellId, name, text }),
      );
      this.#readers.add(reader);
      void reader.ended.then(() => this.#readers.delete(reader));
    } catch {
      // The evaluator finds that nobody reads.
    }
  }

  /** Shows what has been written so far. */
  drain(): void {
    for (const reader of this.#readers) reader.drain();
  }

  close(): void {
    for (const reader of this.#readers) reader.close();
  }
}
