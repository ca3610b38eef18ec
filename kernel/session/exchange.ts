import { type Content, makeMessage, type Request } from '../protocol/message.js';
import type { KernelSockets } from '../protocol/sockets.js';

/** One request and everything that is sent because of it: all of it carries the request's header as parent. */
export class Exchange {
  /** Milliseconds since the epoch. */
  readonly arrived = Date.now();
  readonly #sockets: KernelSockets;
  readonly #session: string;

  constructor(
    sockets: KernelSockets,
    session: string,
    readonly channel: 'shell' | 'control',
    readonly request: Request,
  ) {
    this.#sockets = sockets;
    this.#session = session;
  }

  get type(): string {
    return this.request.header.msg_type;
  }

  /** `execute_request` is answered by `execute_reply`. */
  get replyType(): string {
    return this.type.replace(/_request$/, '_reply');
  }

  reply(content: Content): void {
    this.#sockets.send(this.channel, this.request.identity, this.#message(this.replyType, content));
  }

  publish(type: string, content: Content): void {
    this.#sockets.publish(this.#message(type, content));
  }

  status(state: 'busy' | 'idle'): void {
    this.publish('status', { execution_state: state });
  }

  /** Sends a request over stdin to the client that sent this one; `sent` rejects when it does not listen there. */
  ask(type: string, content: Content, signal: AbortSignal): { id: string; sent: Promise<void> } {
    const message = this.#message(type, content);
    return { id: message.header.msg_id, sent: this.#sockets.ask(this.request.identity, message, signal) };
  }

  #message(type: string, content: Content) {
    return makeMessage({ type, session: this.#session, content, parent: this.request.header });
  }
}
