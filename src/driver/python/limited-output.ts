import type { Display } from '../../display/display.js';

/** Characters of a run's output that are shown. More of it helps nobody, and a notebook that holds it cannot be opened. */
export const outputLimit = 4 << 20;

/** A display's output up to the limit; then it says so, once, and calls `muted`. */
export class LimitedOutput {
  #left = outputLimit;

  constructor(
    private readonly display: Display,
    private readonly muted: () => void,
  ) {}

  write(text: string, stream: 'stdout' | 'stderr'): void {
    if (this.#left <= 0) return;
    this.display.write(text.slice(0, this.#left), stream);
    this.#left -= text.length;
    if (this.#left > 0) return;
    this.display.write(
      `\n… more output than ${outputLimit >> 20} MiB: the rest is not shown. Write it to a file: print(…, file=open('out.txt', 'w'))\n`,
      'stderr',
    );
    this.muted();
  }
}
