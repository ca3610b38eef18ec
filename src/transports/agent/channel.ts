import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../errors.js';
import { closeQuietly, FifoReader, openReader, openWriter } from './fifo.js';
import { Slot } from './slot.js';

/** Slots that stay ready when nothing runs; each is two sleeping shells on the node. */
const idleSlots = 4;
/** Milliseconds in which an agent that holds its control FIFO must have answered a new client. */
const attachLimit = 10_000;

/** This process's connection with the agent of one node, made by the first command. The protocol is told in agent.sh. */
export class Channel {
  private readonly id = `${process.pid}-${randomBytes(4).toString('hex')}`;
  private readonly folder: string;
  private attaching?: Promise<void>;
  private control?: number;
  private events?: FifoReader;
  private unread = '';
  private readonly slots = new Map<number, Slot>();
  private readonly idle: Slot[] = [];
  private readonly awaited = new Map<number, (slot: Slot) => void>();
  private lastSlot = 0;
  private loss?: TransportError;
  private readonly waiters = new Set<(error: Error) => void>();

  /** `runtime`: the node's runtime folder as this machine sees it. */
  constructor(
    private readonly node: string,
    private readonly runtime: string,
  ) {
    this.folder = join(runtime, 'clients', this.id);
  }

  /** A slot with a shell that waits. Rejects with TransportError when the node is gone. */
  async acquire(): Promise<Slot> {
    this.checkAgent();
    this.attaching ??= this.attach();
    await this.attaching;
    return this.idle.pop() ?? this.whileUp(this.openSlot());
  }

  /** Gives a slot back; `clean` is what `settle` said of it. */
  release(slot: Slot, clean: boolean): void {
    if (this.loss) return;
    if (clean && this.idle.length < idleSlots) this.idle.push(slot);
    else void this.discard(slot);
  }

  /** Sends a signal to a process group of the node. */
  kill(signal: 'TERM' | 'KILL', group: number): void {
    if (group > 0) this.tell(`kill ${signal} ${group}`);
  }

  /** What `promise` gives, or a TransportError as soon as the node is lost. */
  async whileUp<T>(promise: Promise<T>): Promise<T> {
    if (this.loss) throw this.loss;
    let give!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => {
      give = reject;
    });
    this.waiters.add(give);
    // What is waited for keeps this process alive; a connection alone does not.
    this.events?.ref();
    try {
      return await Promise.race([promise, lost]);
    } finally {
      this.waiters.delete(give);
      if (this.waiters.size === 0) this.events?.unref();
    }
  }

  close(): void {
    this.lose('its connection was closed');
  }

  /** A dead agent leaves FIFOs that nobody reads. */
  private checkAgent(): void {
    if (this.loss) throw this.loss;
    try {
      closeSync(openWriter(join(this.runtime, 'control')));
    } catch (error) {
      throw this.lose('its agent does not run', error);
    }
  }

  private async attach(): Promise<void> {
    this.control = openWriter(join(this.runtime, 'control'));
    mkdirSync(this.folder, { mode: 0o711 });
    const first = this.openSlot();
    first.catch(() => {});
    const limit = Date.now() + attachLimit;
    while (!this.openEvents()) {
      this.checkAgent();
      if (Date.now() > limit) throw this.lose(`its agent did not answer in ${attachLimit / 1000} s`);
      await sleep(1);
    }
    this.idle.push(await this.whileUp(first));
  }

  private openEvents(): boolean {
    try {
      const fd = openReader(join(this.folder, 'events'));
      this.events = new FifoReader(
        fd,
        chunk => this.hear(chunk),
        () => this.lose('it was killed or stopped'),
      );
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  private openSlot(): Promise<Slot> {
    const slot = new Slot(this.folder, this.lastSlot++);
    this.slots.set(slot.number, slot);
    return new Promise(resolve => {
      this.awaited.set(slot.number, resolve);
      this.tell(`slot ${this.id} ${slot.number}`);
    });
  }

  private hear(chunk: Buffer): void {
    const lines = (this.unread + chunk.toString('latin1')).split('\n');
    this.unread = lines.pop()!;
    for (const line of lines) {
      const [event, number, value] = line.split(' ');
      const slot = this.slots.get(Number(number));
      if (!slot) continue;
      if (event === 'done') slot.done(Number(value));
      else if (value === '0') slot.attach();
      else this.ready(slot, Number(value));
    }
  }

  private ready(slot: Slot, group: number): void {
    slot.started(group);
    this.awaited.get(slot.number)?.(slot);
    this.awaited.delete(slot.number);
  }

  private async discard(slot: Slot): Promise<void> {
    // The last shell's end would look like the node's.
    if (this.slots.size === 1) {
      try {
        this.idle.push(await this.whileUp(this.openSlot()));
      } catch {
        return;
      }
    }
    this.slots.delete(slot.number);
    slot.close();
  }

  private tell(line: string): void {
    try {
      writeSync(this.control!, `${line}\n`);
    } catch (error) {
      this.lose('its agent does not run', error);
    }
  }

  private lose(why: string, cause?: unknown): TransportError {
    if (this.loss) return this.loss;
    this.loss = new TransportError({
      asked: `node ${this.node} cannot be reached: ${why}`,
      todo: 'see what runs with `nxc status`; start the deployment again with `nxc stop` and `nxc start`',
      cause,
    });
    for (const slot of this.slots.values()) slot.close();
    this.events?.close();
    closeQuietly(this.control);
    rmSync(this.folder, { recursive: true, force: true });
    for (const give of this.waiters) give(this.loss);
    return this.loss;
  }
}
