import { randomUUID } from 'node:crypto';
import type { Display, MimeBundle, Renderable, Shown } from '../../src/index.js';
import { shownError } from '../session/cell-error.js';
import type { CellOutput } from '../session/interpreter.js';

/** Milliseconds between two updates of the same display. */
const PERIOD = 100;

/** The Display of a cell: rich output is display_data and its changes update_display_data, at most ten a second each. */
export class NotebookDisplay implements Display {
  readonly #output: CellOutput;
  /** Output waits here for a bundle that is still being made, so that all of it keeps its order. */
  #queue: Promise<void> | undefined;
  readonly #shown = new Set<ShownContent>();

  constructor(output: CellOutput) {
    this.#output = output;
  }

  write(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#inOrder(() => this.#output.stream(stream, text));
  }

  show(content: Renderable): Shown {
    const shown = new ShownContent(content, {
      bundle: (bundle, options) => this.#output.display(bundle, options),
      failure: error => this.#complain(error),
    });
    this.#shown.add(shown);
    this.#inOrder(() => shown.draw());
    return shown;
  }

  ask(prompt: string, options: { password?: boolean; signal?: AbortSignal } = {}): Promise<string> {
    return this.#output.input(prompt, options);
  }

  /** Resolves when everything has been sent, the last state of each display included. */
  async settled(): Promise<void> {
    while (this.#queue) await this.#queue;
    await Promise.all([...this.#shown].map(shown => shown.flush()));
    for (const shown of this.#shown) if (!shown.live) this.#shown.delete(shown);
  }

  #inOrder(action: () => void | Promise<void>): void {
    if (this.#queue === undefined) {
      const pending = action();
      if (pending instanceof Promise) this.#wait(pending);
      return;
    }
    this.#wait(this.#queue.then(action));
  }

  #wait(pending: Promise<void>): void {
    const queue = pending.then(() => {
      if (this.#queue === queue) this.#queue = undefined;
    });
    this.#queue = queue;
  }

  #complain(error: unknown): void {
    this.#output.stream('stderr', `${shownError(error)}\n`);
  }
}

interface Receiver {
  bundle(bundle: MimeBundle, options: { displayId: string; update: boolean }): void;
  failure(error: unknown): void;
}

class ShownContent implements Shown {
  readonly #id = randomUUID();
  readonly #to: Receiver;
  #content: Renderable;
  /** Changed since it was last drawn. */
  #changed = false;
  #drawing: Promise<void> | undefined;
  #sentAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(content: Renderable, to: Receiver) {
    this.#content = content;
    this.#to = to;
  }

  get live(): boolean {
    return this.#content.live === true;
  }

  update(content: Renderable): void {
    this.#content = content;
    this.#changed = true;
    if (this.#sentAt !== undefined) this.#schedule();
  }

  /** Sends the content as it is now; at once when its bundle is there at once. */
  draw(): void | Promise<void> {
    this.#changed = false;
    try {
      const bundle = this.#content.toMimeBundle();
      if (!(bundle instanceof Promise)) return this.#send(bundle);
      this.#drawing = bundle
        .then(made => this.#send(made))
        .catch(error => this.#to.failure(error))
        .finally(() => {
          this.#drawing = undefined;
        });
      return this.#drawing;
    } catch (error) {
      this.#to.failure(error);
    }
  }

  /** Sends a change that still waits for its turn. */
  async flush(): Promise<void> {
    while (this.#drawing || this.#timer) {
      await this.#drawing;
      if (!this.#timer) continue;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      await this.draw();
    }
  }

  #send(bundle: MimeBundle): void {
    this.#to.bundle(bundle, { displayId: this.#id, update: this.#sentAt !== undefined });
    this.#sentAt = Date.now();
    if (this.#changed) this.#schedule();
  }

  #schedule(): void {
    const due = Math.max(0, (this.#sentAt ?? 0) + PERIOD - Date.now());
    this.#timer ??= setTimeout(() => void this.flush(), due);
  }
}
