/**
 * kernel/session is one running kernel: it answers every message of the Jupyter protocol, runs cells one after the other
 * through an Interpreter, and sends what they write. What a cell means is decided elsewhere (kernel/cells).
 */
import { setTimeout } from 'node:timers/promises';
import type { Content, Request } from '../protocol/message.js';
import type { KernelSockets, RoutedChannel } from '../protocol/sockets.js';
import { errorReply } from './cell-error.js';
import { closeComm, commInfo } from './comms.js';
import { Exchange } from './exchange.js';
import { Execution } from './execution.js';
import { RequestError } from './fields.js';
import type { History } from './history.js';
import { kernelInfo } from './info.js';
import type { Interpreter } from './interpreter.js';
import { complete, inspect, isComplete } from './introspection.js';
import { Stdin } from './stdin.js';
import { Subshells } from './subshells.js';

export interface KernelOptions {
  sockets: KernelSockets;
  /** Identifies this kernel's messages. */
  session: string;
  history: History;
  /** Settles when somebody hears what cells write, or none is to be expected. */
  audience: Promise<void>;
  /** Called after the front-end has got its first answer, and again by the next cell when it failed. */
  interpreter: () => Promise<Interpreter>;
  /** Cells that count as run already. */
  cellsBefore: number;
  /** Called after shutdown_request has been answered. */
  onShutdown: () => void;
}

/** Milliseconds in which a kernel ends, of which interrupted cells have the first. Front-ends kill a kernel after 5 s. */
const END = 4000;
const CELLS_END = 2000;

/** Content of a reply without its status; undefined where a message is not answered. */
type Handler = (exchange: Exchange) => Content | undefined | Promise<Content | undefined>;

export class Kernel {
  readonly #options: KernelOptions;
  readonly #stdin = new Stdin();
  readonly #execution: Execution;
  readonly #subshells: Subshells;
  readonly #handlers: Map<string, Handler>;
  #interpreter: Promise<Interpreter> | undefined;
  #ending: Promise<Content> | undefined;

  constructor(options: KernelOptions) {
    this.#options = options;
    const interpreter = () => this.#load();
    const { history, audience, cellsBefore } = options;
    this.#execution = new Execution({ interpreter, history, audience, stdin: this.#stdin }, cellsBefore);
    this.#subshells = new Subshells(this.#execution);
    const handlers: Record<string, Handler> = {
      kernel_info_request: kernelInfo,
      complete_request: async ({ request }) => complete(await interpreter(), request.content),
      inspect_request: async ({ request }) => inspect(await interpreter(), request.content),
      is_complete_request: async ({ request }) => isComplete(await interpreter(), request.content),
      history_request: ({ request }) => history.query(request.content),
      comm_open: closeComm,
      comm_msg: () => undefined,
      comm_close: () => undefined,
      comm_info_request: commInfo,
      interrupt_request: () => this.interrupt(),
      shutdown_request: ({ request }) => this.shutdown(request.content.restart === true),
      create_subshell_request: () => this.#subshells.create(),
      delete_subshell_request: ({ request }) => this.#subshells.delete(request.content),
      list_subshell_request: () => this.#subshells.list(),
      debug_request: noDebugger,
    };
    this.#handlers = new Map(Object.entries(handlers));
  }

  /** Any message, in the order of arrival. Only cells wait for each other: completion never waits for a long build. */
  receive(channel: RoutedChannel, request: Request): void {
    if (channel === 'stdin') this.#stdin.receive(request);
    else this.#take(new Exchange(this.#options.sockets, this.#options.session, channel, request));
  }

  /** Stops the cells that run, at once. */
  async interrupt(): Promise<Content> {
    if (this.#execution.interrupt()) await (await this.#interpreter)?.interrupt();
    return {};
  }

  /** Stops the cells and what this kernel started, once; on a restart another kernel follows and deployments stay. */
  shutdown(restart: boolean): Promise<Content> {
    this.#ending ??= this.#end(restart);
    return this.#ending;
  }

  async #end(restart: boolean): Promise<Content> {
    this.#subshells.clear('the kernel is ending');
    await Promise.race([this.#stop(restart), setTimeout(END)]);
    return { restart };
  }

  async #stop(restart: boolean): Promise<void> {
    await this.interrupt();
    // A cell that was in the middle of something, say of starting a deployment, takes it back.
    await Promise.race([this.#execution.finished(), setTimeout(CELLS_END)]);
    await (await this.#interpreter)?.shutdown(restart);
  }

  #take(exchange: Exchange): void {
    if (exchange.type !== 'execute_request') {
      void this.#answer(exchange, this.#handlers.get(exchange.type) ?? unknown);
      return;
    }
    try {
      if (this.#ending) throw new RequestError('the kernel is ending: it runs no more cells');
      this.#subshells.queue(exchange.request.header.subshell_id).add(exchange);
    } catch (error) {
      void this.#answer(exchange, () => Promise.reject(error));
    }
  }

  async #answer(exchange: Exchange, handle: Handler): Promise<void> {
    exchange.status('busy');
    try {
      const content = await handle(exchange);
      if (content) exchange.reply({ status: 'ok', ...content });
    } catch (error) {
      exchange.reply(errorReply(error));
    }
    exchange.status('idle');
    // Front-ends show the last state they heard of, whoever it was about: say again that a cell is running.
    this.#execution.current?.status('busy');
    if (exchange.type === 'shutdown_request') this.#options.onShutdown();
    if (exchange.type === 'kernel_info_request') setImmediate(() => this.#load().catch(() => {}));
  }

  /** Loads the interpreter once; one that failed to load is tried again by the next cell. */
  #load(): Promise<Interpreter> {
    this.#interpreter ??= this.#options.interpreter().catch(error => {
      this.#interpreter = undefined;
      throw error;
    });
    return this.#interpreter;
  }
}

/** Answers in the shape of the Debug Adapter Protocol, which debug_reply carries. */
function noDebugger({ request }: Exchange): Content {
  const { seq, command } = request.content;
  return {
    type: 'response',
    request_seq: seq ?? 0,
    success: false,
    command: command ?? '',
    message: 'this kernel has no debugger',
  };
}

/** A client that waits for a reply gets one; other messages that are not known are left alone, as the protocol says. */
function unknown({ type }: Exchange): undefined {
  if (!type.endsWith('_request')) return;
  throw new RequestError({ asked: `this kernel does not know ${type}` });
}
