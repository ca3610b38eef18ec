import { randomUUID } from 'node:crypto';
import type { Display, MimeBundle, Renderable, Shown } from '../../src/index.js';
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
    const shown = new ShownContent(content, (bundle, options) => {
      this.#output.display(bundle, options);
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
    const queue = pending
      .catch(error => this.#output.stream('stderr', `${(error as Error).stack}\n`))
      .finally(() => {
        if (this.#queue === queue) this.#queue = undefined;
      });
    this.#queue = queue;
  }
}

type Send = (bundle: MimeBundle, options: { displayId: string; update: boolean }) => void;

class ShownContent implements Shown {
  readonly #id = randomUUID();
  readonly #send: Send;
  #content: Renderable;
  #sentAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawing: Promise<void> | undefined;

  constructor(content: Renderable, send: Send) {
    this.#content = content;
    this.#send = send;
  }

  get live(): boolean {
    return this.#content.live === true;
  }

  update(content: Renderable): void {
    this.#content = content;
    if (this.#timer || this.#sentAt === undefined) return;
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, this.#sentAt + PERIOD - Date.now()));
  }

  /** Sends the content as it is now; at once when its bundle is there at once. */
  draw(): void | Promise<void> {
    const bundle = this.#content.toMimeBundle();
    if (bundle instanceof Promise) return bundle.then(made => this.#sent(made));
    this.#sent(bundle);
  }

  /** Sends a change that still waits for its turn. */
  async flush(): Promise<void> {
    await this.#drawing;
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawing = Promise.resolve(this.draw());
    await this.#drawing;
  }

  #sent(bundle: MimeBundle): void {
    this.#send(bundle, { displayId: this.#id, update: this.#sentAt !== undefined });
    this.#sentAt = Date.now();
  }
}
