import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FifoReader, openReader } from '../../process/fifo.js';
import { TransportError } from '../errors.js';
import { isDeadClient, newClientId } from './client-id.js';
import { Control, isServed } from './control.js';
import type { Slot } from './slot.js';
import { Slots } from './slots.js';

/** Milliseconds in which an agent that holds its control FIFO must have answered a new client. */
const attachLimit = 10_000;
/** Milliseconds between looks whether the processes that watch over commands still live. */
const checkInterval = 1000;

/** This process's connection with the agent of one node, made by the first command. The protocol is told in agent.sh. */
export class Channel {
  private readonly id = newClientId();
  private readonly folder: string;
  private readonly slots: Slots;
  private attaching?: Promise<void>;
  private control?: Control;
  private events?: FifoReader;
  private checks?: NodeJS.Timeout;
  private unread = '';
  private loss?: TransportError;
  private closed = false;
  private readonly waiters = new Set<(error: Error) => void>();

  /** `runtime`: the node's runtime folder as this machine sees it. */
  constructor(
    private readonly node: string,
    private readonly runtime: string,
  ) {
    this.folder = join(runtime, 'clients', this.id);
    this.slots = new Slots(this.folder, number => this.control?.send(`slot ${this.id} ${number}`));
  }

  /** It ended without being closed: a new one may find the node alive. */
  get broken(): boolean {
    return this.loss !== undefined && !this.closed;
  }

  /** A node that was booted again took the folder away, and its agent knows nothing of this channel; the old one's end may be unread. */
  noticeRestart(): void {
    if (this.events && !this.loss && !existsSync(this.folder)) this.loseNode();
  }

  /** A slot with a shell that waits. Rejects with TransportError when the node is gone. */
  async acquire(): Promise<Slot> {
    if (this.loss) throw this.loss;
    if (!isServed(this.runtime)) throw this.loseNode();
    this.attaching ??= this.attach();
    await this.attaching;
    return this.whileUp(() => this.slots.take());
  }

  /** Gives a slot back; `clean` is what `settle` said of it. */
  release(slot: Slot, clean: boolean): void {
    if (!this.loss) this.slots.give(slot, clean);
  }

  /** Sends a signal to a process group of the node. */
  kill(signal: 'TERM' | 'KILL', group: number): void {
    if (group > 0) this.control?.send(`kill ${signal} ${group}`);
  }

  /** What `begin` comes to, or a TransportError as soon as the node is lost. */
  async whileUp<T>(begin: () => Promise<T>): Promise<T> {
    if (this.loss) throw this.loss;
    let give!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => {
      give = reject;
    });
    this.waiters.add(give);
    // What is waited for keeps this process alive; a connection alone does not.
    this.events?.ref();
    try {
      return await Promise.race([begin(), lost]);
    } finally {
      this.waiters.delete(give);
      if (this.waiters.size === 0) this.events?.unref();
    }
  }

  close(): void {
    this.closed = true;
    this.lose(
      new TransportError({ asked: `node ${this.node} cannot be reached: its connection was closed` }),
    );
  }

  private async attach(): Promise<void> {
    try {
      this.control = new Control(join(this.runtime, 'control'), cause => this.loseNode(cause));
    } catch (error) {
      throw this.loseNode(error);
    }
    try {
      mkdirSync(this.folder, { mode: 0o711 });
    } catch (error) {
      throw this.lose(this.noRoom((error as Error).message));
    }
    this.forgetDead();
    const first = this.whileUp(() => this.slots.take());
    first.catch(() => {});
    const limit = Date.now() + attachLimit;
    while (!this.openEvents()) {
      if (!isServed(this.runtime)) throw this.loseNode();
      if (Date.now() > limit) throw this.loseNode(`did not answer in ${attachLimit / 1000} s`);
      await sleep(1);
      if (this.loss) throw this.loss;
    }
    this.checks = setInterval(() => this.check(), checkInterval).unref();
    // The next command begins anew.
    const slot = await first.catch((error: TransportError) => {
      throw this.lose(error);
    });
    this.slots.give(slot, true);
  }

  /** Commands of clients that were killed have nobody left to interrupt them. */
  private forgetDead(): void {
    const clients = join(this.runtime, 'clients');
    for (const id of readdirSync(clients).filter(isDeadClient)) {
      this.control?.send(`forget ${id}`);
      try {
        rmSync(join(clients, id), { recursive: true, force: true });
      } catch {
        // Another client does the same, or it is another user's.
      }
    }
  }

  private openEvents(): boolean {
    try {
      if (!statSync(join(this.folder, 'events')).isFIFO())
        throw this.loseNode('cannot make FIFOs: the node has no mkfifo any more');
      this.events = new FifoReader(
        openReader(join(this.folder, 'events')),
        chunk => this.hear(chunk),
        () => this.loseShells(),
      );
      this.events.ref();
      return true;
    } catch (error) {
      // An agent of another user (root of a container) makes the FIFO, then gives it to us.
      if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  private hear(chunk: Buffer): void {
    const lines = (this.unread + chunk.toString('latin1')).split('\n');
    this.unread = lines.pop()!;
    for (const line of lines) {
      const [event, ...words] = line.split(' ');
      const [number = 0, value = 0] = words.map(Number);
      if (event === 'done') this.slots.done(number, value);
      else if (event === 'ready') this.slots.ready(number, value);
      else if (event === 'made') this.slots.made(number, value);
      else if (event === 'failed') this.slots.failed(number, this.noRoom(words.slice(1).join(' ')));
      else this.kill('KILL', this.slots.gone(number, this.killed()));
    }
  }

  private check(): void {
    // An agent that is killed before it has opened the events leaves no end of file there.
    if (!isServed(this.runtime)) {
      this.loseNode();
      return;
    }
    for (const { number, keeper } of this.slots.running()) {
      this.control?.send(`check ${this.id} ${number} ${keeper}`);
    }
  }

  /** For a file that cannot be made or written. */
  noRoom(why: string): TransportError {
    return new TransportError({
      asked: `no command can be given to node ${this.node}`,
      found: why,
      todo: `make room where ${this.runtime} is, then run it again`,
    });
  }

  private killed(): TransportError {
    return new TransportError({
      asked: `the outcome of a command on node ${this.node} is unknown: its agent process was killed`,
      found: 'the node still runs',
      todo: 'run it again; a command that kills every bash, or its own parent, kills the agent as well',
    });
  }

  /** Every process of the agent for this client has ended: with the node, or alone. */
  private loseShells(): void {
    if (isServed(this.runtime)) this.lose(this.killed());
    else this.loseNode();
  }

  private loseNode(cause?: unknown): TransportError {
    return this.lose(
      new TransportError({
        asked: `node ${this.node} cannot be reached: its agent ${typeof cause === 'string' ? cause : 'is not running'}`,
        todo: `see what runs with \`nxc status\`; \`nxc start ${this.node}\` starts a node that is off or gone`,
        cause,
      }),
    );
  }

  /** Returns the first loss. */
  private lose(loss: TransportError): TransportError {
    if (this.loss) return this.loss;
    this.loss = loss;
    clearInterval(this.checks);
    this.slots.close();
    this.events?.close();
    this.control?.close();
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // The agent was making a file in it at this moment; the node's runtime folder goes as a whole.
    }
    for (const give of this.waiters) give(loss);
    return loss;
  }
}
