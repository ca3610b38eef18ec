import { createInterface, type Interface } from 'node:readline';

export interface LinesOptions {
  /** The newest first. */
  history: readonly string[];
  historySize: number;
  /** Candidates for what stands before the cursor, and that word. */
  complete(line: string): Promise<[string[], string]>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Lines that a person types, one asked for at a time; what is typed in between waits. Ctrl-C does not end it, Ctrl-D does. */
export class Lines {
  history: readonly string[];
  readonly #reader: Interface;
  readonly #typed: string[] = [];
  #waiting: ((line: string | undefined) => void) | undefined;
  #closed = false;

  constructor({ history, historySize, complete, interrupt }: LinesOptions) {
    this.history = history;
    this.#reader = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: [...history],
      historySize,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
        void complete(line).then(
          found => done(null, found),
          () => done(null, [[], line]),
        ),
    });
    this.#reader
      .on('history', lines => {
        this.history = lines;
      })
      .on('line', line => {
        if (this.#waiting) this.#waiting(line);
        else this.#typed.push(line);
      })
      .on('SIGINT', interrupt)
      .on('close', () => {
        this.#closed = true;
        this.#waiting?.(undefined);
      });
  }

  /** Undefined when there are no more. */
  async next(prompt: string): Promise<string | undefined> {
    const typed = this.#typed.shift();
    if (typed !== undefined || this.#closed) return typed;
    this.#reader.setPrompt(prompt);
    this.#reader.prompt();
    return new Promise(resolve => {
      this.#waiting = line => {
        this.#waiting = undefined;
        resolve(line);
      };
    });
  }

  /** Throws away what stands on the line. */
  clear(): void {
    process.stdout.write('^C\n');
    this.#reader.write(null, { ctrl: true, name: 'e' });
    this.#reader.write(null, { ctrl: true, name: 'u' });
    this.#waiting?.('');
  }

  close(): void {
    this.#reader.close();
  }
}
