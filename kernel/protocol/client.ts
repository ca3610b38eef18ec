import { randomUUID } from 'node:crypto';
import { Dealer, type Socket, Subscriber } from 'zeromq';
import { Remembered } from '../remembered.js';
import { type Connection, endpoint } from './connection-file.js';
import { ConnectionError } from './errors.js';
import { type Content, type Message, makeMessage } from './message.js';
import { post, type RoutedChannel, UNLIMITED } from './sockets.js';
import { Wire } from './wire.js';

export interface ExecuteOptions {
  /** Every iopub message of this cell but `status`, in order, also those that come after the cell has finished. */
  onOutput?: (message: Message) => void;
  /** Answers input requests; without it the kernel is told that there is no stdin. Its failure interrupts the cell. */
  stdin?: (prompt: string, password: boolean) => string | Promise<string>;
  silent?: boolean;
  storeHistory?: boolean;
  /** Whether an error of this cell also fails those queued behind it. */
  stopOnError?: boolean;
  userExpressions?: Record<string, string>;
  subshellId?: string;
}

/** Content of a reply; an error carries `ename`, `evalue` and `traceback`. */
export type Reply = Content & { status: 'ok' | 'error' | 'aborted' };

interface Pending extends Pick<ExecuteOptions, 'onOutput' | 'stdin'> {
  reply?: Message;
  /** Whether the kernel has said `idle` for it: only then all its output has arrived. */
  idle: boolean;
  resolve: (reply: Message) => void;
  reject: (error: Error) => void;
}

/** A kernel that is starting listens soon; zeromq's own pause of 100 ms between attempts would be most of its start. */
const CLIENT = { linger: 0, reconnectInterval: 2, receiveHighWaterMark: 0 };

/** Time between questions to a kernel that is not up yet, in milliseconds. */
const KNOCK = 20;

/** A front-end: speaks to a running kernel over its sockets. Its promises settle when reply and `idle` are both there. */
export class KernelClient {
  readonly session = randomUUID();
  readonly #wire: Wire;
  readonly #dealers: Record<RoutedChannel, Dealer>;
  readonly #iopub: Subscriber;
  readonly #pending = new Map<string, Pending>();
  /** Where late output of cells goes that have ended. */
  readonly #ended = new Remembered<NonNullable<ExecuteOptions['onOutput']>>();
  readonly #listeners = new Set<(message: Message) => void>();
  #closed: Error | undefined;

  constructor(connection: Connection) {
    this.#wire = new Wire(connection.key);
    // One identity for all: a kernel sends input requests to the identity that the execute_request came from.
    const dealer = () => new Dealer({ ...UNLIMITED, ...CLIENT, routingId: this.session });
    this.#dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    this.#iopub = new Subscriber(CLIENT);
    for (const [channel, socket] of this.#sockets()) {
      socket.ipv6 = connection.ip.includes(':');
      if (connection.curve) joinCurve(socket, connection.curve);
      socket.connect(endpoint(connection, channel));
    }
    this.#iopub.subscribe();
    for (const [channel, socket] of this.#sockets()) void this.#receive(channel, socket);
  }

  /**
   * Resolves with the kernel_info_reply once requests are answered and output arrives. As a reply only counts together with
   * its `idle`, the subscription stands by then: no first output is lost, with or without iopub_welcome.
   */
  async ready({ signal }: { signal?: AbortSignal } = {}): Promise<Reply> {
    for (;;) {
      signal?.throwIfAborted();
      const asked = this.kernelInfo();
      asked.catch(() => {});
      const info = await Promise.race([asked, new Promise<void>(resolve => setTimeout(resolve, KNOCK))]);
      if (info) return info;
      if (this.#closed) throw this.#closed;
    }
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<Reply> {
    const { onOutput, stdin, silent = false, subshellId } = options;
    const content = {
      code,
      silent,
      store_history: options.storeHistory ?? !silent,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: stdin !== undefined,
      stop_on_error: options.stopOnError ?? true,
    };
    return await this.request('shell', 'execute_request', content, { subshellId, onOutput, stdin });
  }

  kernelInfo(channel: 'shell' | 'control' = 'shell'): Promise<Reply> {
    return this.request(channel, 'kernel_info_request', {});
  }

  /** `cursor` counts Unicode code points, as the protocol does. */
  complete(code: string, cursor = [...code].length): Promise<Reply> {
    return this.request('shell', 'complete_request', { code, cursor_pos: cursor });
  }

  inspect(code: string, cursor = [...code].length, detail: 0 | 1 = 0): Promise<Reply> {
    return this.request('shell', 'inspect_request', { code, cursor_pos: cursor, detail_level: detail });
  }

  isComplete(code: string): Promise<Reply> {
    return this.request('shell', 'is_complete_request', { code });
  }

  history(content: Content): Promise<Reply> {
    return this.request('shell', 'history_request', content);
  }

  interrupt(): Promise<Reply> {
    return this.request('control', 'interrupt_request', {});
  }

  /** Resolves with the reply alone: the process ends a moment later, and what else it says may be lost with it. */
  shutdown(restart = false): Promise<Reply> {
    return this.request('control', 'shutdown_request', { restart });
  }

  /** Any request of the protocol; rejects with ConnectionError when the client is closed before it is answered. */
  async request(
    channel: 'shell' | 'control',
    type: string,
    content: Content,
    { subshellId, onOutput, stdin }: Pick<ExecuteOptions, 'subshellId' | 'onOutput' | 'stdin'> = {},
  ): Promise<Reply> {
    if (this.#closed) throw this.#closed;
    const message = makeMessage({ type, session: this.session, content, subshellId });
    const id = message.header.msg_id;
    const answered = new Promise<Message>((resolve, reject) => {
      const idle = type === 'shutdown_request';
      this.#pending.set(id, { idle, onOutput, stdin, resolve, reject });
    });
    post(this.#dealers[channel], this.#wire.encode(message));
    return (await answered).content as Reply;
  }

  /** Sends a message that has no reply, such as comm_msg. */
  tell(channel: 'shell' | 'control', type: string, content: Content): void {
    post(this.#dealers[channel], this.#wire.encode(makeMessage({ type, session: this.session, content })));
  }

  /** Every iopub message, whoever caused it. Returns what ends it. */
  onIopub(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejects what is not answered yet, with `reason` (say, that the kernel died). */
  close(reason: Error = new ConnectionError('the connection to the kernel is closed')): void {
    if (this.#closed) return;
    this.#closed = reason;
    for (const [, socket] of this.#sockets()) socket.close();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #sockets(): Array<[RoutedChannel | 'iopub', Dealer | Subscriber]> {
    return [...(Object.entries(this.#dealers) as Array<[RoutedChannel, Dealer]>), ['iopub', this.#iopub]];
  }

  async #receive(channel: RoutedChannel | 'iopub', socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const decoded = this.#wire.decode(frames);
      if ('fault' in decoded) continue;
      if (channel === 'iopub') this.#hear(decoded.message);
      else if (channel === 'stdin') void this.#answer(decoded.message);
      else this.#settle(decoded.message.parent.msg_id, { reply: decoded.message });
    }
  }

  #hear(message: Message): void {
    const { msg_type: type } = message.header;
    const parent = message.parent.msg_id ?? '';
    for (const listener of this.#listeners) listener(message);
    if (type !== 'status') (this.#pending.get(parent)?.onOutput ?? this.#ended.get(parent))?.(message);
    else if (message.content.execution_state === 'idle') this.#settle(parent, { idle: true });
  }

  #settle(id: string | undefined, news: Partial<Pick<Pending, 'reply' | 'idle'>>): void {
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (!id || !pending) return;
    Object.assign(pending, news);
    if (!pending.reply || !pending.idle) return;
    this.#pending.delete(id);
    if (pending.onOutput) this.#ended.set(id, pending.onOutput);
    pending.resolve(pending.reply);
  }

  async #answer(request: Message): Promise<void> {
    const { prompt, password } = request.content;
    const ask = this.#pending.get(request.parent.msg_id ?? '')?.stdin;
    try {
      const value = ask ? await ask(String(prompt ?? ''), password === true) : '';
      if (this.#closed) return;
      const reply = makeMessage({
        type: 'input_reply',
        session: this.session,
        content: { status: 'ok', value },
        parent: request.header,
      });
      post(this.#dealers.stdin, this.#wire.encode(reply));
    } catch {
      // Of a kernel that is gone the cell itself tells.
      await this.interrupt().catch(() => {});
    }
  }
}

function joinCurve(socket: Socket, { publicKey, secretKey }: NonNullable<Connection['curve']>): void {
  socket.curveServerKey = publicKey;
  socket.curvePublicKey = publicKey;
  socket.curveSecretKey = secretKey;
}
