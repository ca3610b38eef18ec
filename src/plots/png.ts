import { Worker } from 'node:worker_threads';
import { assetPath } from '../assets.js';
import type { Spec } from './metrics-spec.js';

export interface DrawRequest {
  id: number;
  spec: Spec;
}

export type Drawn = { id: number } & ({ picture: Uint8Array } | { error: Error });

/** Milliseconds without a picture to draw after which the thread ends: Vega takes some 100 MB. */
const idleMs = 60_000;

let drawer: Drawer | undefined;

/**
 * A specification as PNG. Drawn in a thread of its own, as it takes up to a second and a kernel has to answer meanwhile.
 * Rejects with the error of Vega when it cannot be drawn.
 */
export async function toPng(spec: Spec): Promise<Buffer> {
  drawer ??= new Drawer(ended => {
    if (drawer === ended) drawer = undefined;
  });
  return Buffer.from(await drawer.draw(spec));
}

interface Waiting {
  resolve(picture: Uint8Array): void;
  reject(error: Error): void;
}

/** The thread that draws. It keeps the process alive only while somebody waits for a picture. */
class Drawer {
  readonly #worker = new Worker(assetPath('dist/src/plots/draw-worker.js'), { execArgv: [] });
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(private readonly onEnd: (ended: Drawer) => void) {
    this.#worker.unref();
    this.#worker.on('message', (drawn: Drawn) => this.#settle(drawn));
    this.#worker.on('error', error => this.#end(error as Error));
    this.#worker.on('exit', () => this.#end(new Error('the thread that draws plots has ended')));
  }

  draw(spec: Spec): Promise<Uint8Array> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, spec } satisfies DrawRequest);
      this.#waiting.set(id, { resolve, reject });
      clearTimeout(this.#idle);
      this.#worker.ref();
    });
  }

  #settle(drawn: Drawn): void {
    const waiting = this.#waiting.get(drawn.id);
    this.#waiting.delete(drawn.id);
    if ('error' in drawn) waiting?.reject(drawn.error);
    else waiting?.resolve(drawn.picture);
    if (this.#waiting.size > 0) return;
    this.#worker.unref();
    this.#idle = setTimeout(() => {
      this.onEnd(this);
      void this.#worker.terminate();
    }, idleMs).unref();
  }

  #end(error: Error): void {
    this.onEnd(this);
    clearTimeout(this.#idle);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
