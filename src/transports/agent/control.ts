import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { closeIfOpen, openWriter } from '../../process/fifo.js';

/** Milliseconds until a full FIFO is tried again. */
const pause = 2;

/** Whether an agent reads the control FIFO of a runtime folder: a dead one leaves it, with nobody there. */
export function isServed(runtime: string): boolean {
  try {
    closeSync(openWriter(join(runtime, 'control')));
    return true;
  } catch {
    return false;
  }
}

/** The way to the agent: whole lines through the node's control FIFO, which other clients write to as well. */
export class Control {
  private fd?: number;
  private readonly unsent: string[] = [];
  private timer?: NodeJS.Timeout;

  /** Fails with ENXIO or ENOENT when no agent runs. `onLoss` is called when it ended since. */
  constructor(
    path: string,
    private readonly onLoss: (cause: unknown) => void,
  ) {
    this.fd = openWriter(path);
  }

  send(line: string): void {
    this.unsent.push(`${line}\n`);
    if (!this.timer) this.flush();
  }

  close(): void {
    clearTimeout(this.timer);
    closeIfOpen(this.fd);
    // The number may soon be another file's.
    this.fd = undefined;
  }

  private flush(): void {
    this.timer = undefined;
    while (this.fd !== undefined && this.unsent.length > 0) {
      try {
        // A line is shorter than PIPE_BUF, so it is written whole or not at all.
        writeSync(this.fd, this.unsent[0]!);
        this.unsent.shift();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          this.timer = setTimeout(() => this.flush(), pause);
        } else this.onLoss(error);
        return;
      }
    }
  }
}
