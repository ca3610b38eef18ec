import { randomUUID } from 'node:crypto';
import type { Content } from '../protocol/message.js';
import { ExecuteQueue, type ExecuteSteps } from './execute-queue.js';
import { RequestError, text } from './fields.js';

/**
 * The main shell, and shells beside it whose cells run while it is busy: https://jupyter.org/enhancement-proposals/91-kernel-subshells
 */
export class Subshells {
  readonly #main: ExecuteQueue;
  readonly #others = new Map<string, ExecuteQueue>();

  constructor(private readonly steps: ExecuteSteps) {
    this.#main = new ExecuteQueue(steps);
  }

  /** The queue that a request is for. Throws RequestError for a subshell that does not exist. */
  queue(id: string | null | undefined): ExecuteQueue {
    if (id === undefined || id === null) return this.#main;
    const queue = this.#others.get(id);
    if (queue) return queue;
    throw new RequestError({
      asked: `there is no subshell ${id}`,
      todo: 'create one with create_subshell_request',
    });
  }

  create(): Content {
    const id = randomUUID();
    this.#others.set(id, new ExecuteQueue(this.steps));
    return { subshell_id: id };
  }

  /** The cell that runs in it goes on to its end; those behind it are aborted. */
  delete(content: Content): Content {
    const id = text(content, 'subshell_id');
    this.queue(id).clear('its subshell was deleted');
    this.#others.delete(id);
    return {};
  }

  list(): Content {
    return { subshell_id: [...this.#others.keys()] };
  }

  clear(why: string): void {
    for (const queue of [this.#main, ...this.#others.values()]) queue.clear(why);
  }
}
