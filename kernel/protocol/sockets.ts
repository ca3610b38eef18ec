import { setTimeout } from 'node:timers/promises';
import type { Socket } from 'zeromq';
import { CHANNELS, type Channel, type Connection, endpoint } from './connection-file.js';
import { ConnectionError } from './errors.js';
import { type Message, makeMessage, type Request } from './message.js';
import { type Fault, type Frames, Wire } from './wire.js';
import { Router, XPublisher } from './zeromq.js';

/**
 * Sends never wait: without a timeout and without a limit zeromq queues every message at once and in order. With its defaults
 * the 513th send of one tick throws EBUSY, and a slow subscriber loses messages. Linger lets the last replies leave.
 */
export const UNLIMITED = { sendTimeout: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };

const SUBSCRIBE = 1;

/** Milliseconds in which a client must have connected to stdin. */
const CONNECT_LIMIT = 10_000;

export type RoutedChannel = 'shell' | 'control' | 'stdin';

/** The five sockets of a kernel. */
export class KernelSockets {
  /** Settles when the first client hears iopub. What is published before reaches nobody. */
  readonly subscribed: Promise<void>;
  #subscribe = () => {};
  readonly #dropped = new Map<Fault, number>();
  readonly #wire: Wire;
  readonly #session: string;
  readonly #routers = {
    shell: new Router(UNLIMITED),
    control: new Router(UNLIMITED),
    // A router drops what is for nobody it knows; this one says so.
    stdin: new Router({ ...UNLIMITED, mandatory: true }),
    hb: new Router(UNLIMITED),
  };
  readonly #iopub = new XPublisher({ ...UNLIMITED, verbosity: 'allSubs' });

  /** `session` identifies the kernel's own messages. */
  constructor(connection: Connection, session: string) {
    this.#wire = new Wire(connection.key);
    this.#session = session;
    this.subscribed = new Promise(resolve => {
      this.#subscribe = resolve;
    });
    for (const socket of this.#all()) {
      if (connection.curve) serveCurve(socket, connection.curve);
      socket.ipv6 = connection.ip.includes(':');
    }
  }

  /** Throws ConnectionError when an address is taken. */
  async bind(connection: Connection): Promise<void> {
    try {
      await Promise.all(CHANNELS.map(channel => this.#bind(channel, endpoint(connection, channel))));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Calls `receive` with every message that is properly signed, and `dropped` for every other one with the number of those
   * that had the same fault, from now until `close`.
   */
  listen(
    receive: (channel: RoutedChannel, request: Request) => void,
    dropped: (fault: Fault, count: number) => void = () => {},
  ): void {
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      void this.#receive(this.#routers[channel], frames => {
        const decoded = this.#wire.decode(frames);
        if ('fault' in decoded) dropped(decoded.fault, this.#count(decoded.fault));
        else receive(channel, decoded.message);
      });
    }
    void this.#receive(this.#routers.hb, frames => post(this.#routers.hb, frames));
    void this.#receive(this.#iopub, ([frame]) => {
      if (frame?.[0] !== SUBSCRIBE) return;
      this.#welcome(frame.subarray(1));
      this.#subscribe();
    });
  }

  send(channel: Exclude<RoutedChannel, 'stdin'>, identity: readonly Uint8Array[], message: Message): void {
    post(this.#routers[channel], this.#wire.encode(message, identity));
  }

  /**
   * Over stdin, as soon as the client is connected there: its channels connect in any order, and a cell may ask before the last
   * one does. Rejects with ConnectionError when it never is; after an abort of the signal nothing is asked any more.
   */
  async ask(identity: readonly Uint8Array[], message: Message, signal: AbortSignal): Promise<void> {
    const frames = this.#wire.encode(message, identity) as Buffer[];
    for (const end = Date.now() + CONNECT_LIMIT; !signal.aborted; ) {
      try {
        return await this.#routers.stdin.send(frames);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EHOSTUNREACH') throw error;
        if (Date.now() > end) {
          throw new ConnectionError({
            asked: 'this cell asks for input, and there is nobody to ask',
            found: `the front-end did not connect to the stdin channel in ${CONNECT_LIMIT / 1000} s`,
            todo: 'run the cell in a front-end that asks, such as JupyterLab, or give the value as a parameter',
          });
        }
      }
      await setTimeout(5);
    }
  }

  publish(message: Message): void {
    post(this.#iopub, this.#wire.encode(message, [Buffer.from(message.header.msg_type)]));
  }

  close(): void {
    for (const socket of this.#all()) socket.close();
  }

  async #bind(channel: Channel, address: string): Promise<void> {
    await this.#socket(channel)
      .bind(address)
      .catch((cause: NodeJS.ErrnoException) => {
        throw new ConnectionError({
          asked: `the ${channel} socket cannot listen on ${address}`,
          found: cause.code === 'EADDRINUSE' ? 'the port is already taken' : cause.message,
          todo: 'start the kernel again, so that the front-end chooses other ports',
          cause,
        });
      });
  }

  #socket(channel: Channel): Router | XPublisher {
    return channel === 'iopub' ? this.#iopub : this.#routers[channel];
  }

  #all(): Array<Router | XPublisher> {
    return CHANNELS.map(channel => this.#socket(channel));
  }

  /** https://jupyter.org/enhancement-proposals/65-jupyter-xpub: tells a client that it misses nothing from here on. */
  #welcome(topic: Uint8Array): void {
    const content = { subscription: Buffer.from(topic).toString() };
    const welcome = makeMessage({ type: 'iopub_welcome', session: this.#session, content });
    post(this.#iopub, this.#wire.encode(welcome, [topic]));
  }

  #count(fault: Fault): number {
    const count = (this.#dropped.get(fault) ?? 0) + 1;
    this.#dropped.set(fault, count);
    return count;
  }

  async #receive(socket: Router | XPublisher, each: (frames: Uint8Array[]) => void): Promise<void> {
    for await (const frames of socket as AsyncIterable<Uint8Array[]>) each(frames);
  }
}

/** With UNLIMITED a send can only fail on a socket that is closed, and then nobody waits for it. */
export function post(socket: Pick<Router, 'send'> | Pick<XPublisher, 'send'>, frames: Frames): void {
  try {
    socket.send(frames as Buffer[]).catch(() => {});
  } catch {
    // So says a socket that is closed before the call.
  }
}

function serveCurve(socket: Socket, { publicKey, secretKey }: NonNullable<Connection['curve']>): void {
  socket.curveServer = true;
  socket.curvePublicKey = publicKey;
  socket.curveSecretKey = secretKey;
}
