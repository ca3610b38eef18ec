import type { TransportError } from '../errors.js';
import { Slot } from './slot.js';

/** Slots that stay ready when nothing runs; each is two sleeping shells on the node. */
const idleSlots = 4;
/** Commands of one client that run at once on a node; more wait for one of them to end … */
const manySlots = 64;
/** … but no longer than that many milliseconds in which none does: commands that wait for each other must all run. */
const patience = 1000;

interface Waiter {
  resolve(slot: Slot): void;
  reject(error: TransportError): void;
  /** The last slot that was asked for before it came. */
  after: number;
}

/** The slots of a client: which are free, and who waits for one. */
export class Slots {
  private readonly all = new Map<number, Slot>();
  private readonly idle: Slot[] = [];
  private readonly waiting: Waiter[] = [];
  /** Not to be used again, but to be kept until another is there: the end of the last would look like the node's. */
  private readonly spent: Slot[] = [];
  private readonly opening = new Set<Slot>();
  private last = 0;
  private limit = manySlots;
  private stall?: NodeJS.Timeout;

  constructor(
    private readonly folder: string,
    /** Asks the agent for a slot of that number. */
    private readonly request: (number: number) => void,
  ) {}

  take(): Promise<Slot> {
    const ready = this.idle.findIndex(slot => slot.warm);
    const [slot] = this.idle.splice(Math.max(0, ready), 1);
    if (!slot) {
      return new Promise((resolve, reject) => {
        this.waiting.push({ resolve, reject, after: this.last });
        this.refill();
      });
    }
    // Commands come faster than one slot can start shells for them.
    if (ready < 0 && this.all.size < idleSlots && this.opening.size === 0) this.open();
    return Promise.resolve(slot);
  }

  /** Gives a slot back; `clean` is what its `settle` said. */
  give(slot: Slot, clean: boolean): void {
    if (!clean || (this.waiting.length === 0 && this.idle.length >= idleSlots)) this.spent.push(slot);
    else this.deliver(slot);
    this.sweep();
  }

  made(number: number, keeper: number): void {
    this.all.get(number)?.attach(keeper);
  }

  ready(number: number, group: number): void {
    const slot = this.all.get(number);
    if (!slot) return;
    slot.started(group);
    if (!this.opening.delete(slot)) return;
    this.deliver(slot);
    this.sweep();
  }

  done(number: number, status: number): void {
    this.all.get(number)?.done(status);
  }

  /** Somebody killed the slot's keeper. Returns the process group that it left behind. */
  gone(number: number, error: TransportError): number {
    const slot = this.all.get(number);
    if (!slot) return 0;
    this.remove(slot);
    this.refill();
    return slot.fail(error);
  }

  /** The agent cannot make the slot: whoever asked for it shall not wait for others to give theirs back. */
  failed(number: number, error: TransportError): void {
    const slot = this.all.get(number);
    if (!slot) return;
    this.opening.delete(slot);
    this.remove(slot);
    const [first] = this.waiting;
    // It may be one that was asked for earlier, when there was no room yet.
    if (first && number > first.after) this.waiting.shift()!.reject(error);
    this.refill();
  }

  /** Slots with a command in them. */
  running(): Slot[] {
    return [...this.all.values()].filter(slot => slot.busy);
  }

  close(): void {
    clearTimeout(this.stall);
    for (const slot of this.all.values()) slot.close();
  }

  private deliver(slot: Slot): void {
    this.stall?.refresh();
    const next = this.waiting.shift();
    if (next) next.resolve(slot);
    else this.idle.push(slot);
  }

  private sweep(): void {
    if (this.all.size - this.opening.size <= this.spent.length) {
      if (this.opening.size === 0) this.open();
      return;
    }
    for (const slot of this.spent.splice(0)) this.remove(slot);
    this.refill();
  }

  private remove(slot: Slot): void {
    this.all.delete(slot.number);
    slot.close();
  }

  private refill(): void {
    while (this.opening.size < this.waiting.length) {
      if (this.all.size >= this.limit) {
        this.stall ??= setTimeout(() => this.extend(), patience).unref();
        return;
      }
      this.open();
    }
  }

  private extend(): void {
    this.stall = undefined;
    if (this.waiting.length === 0) return;
    this.limit += manySlots;
    this.refill();
  }

  private open(): void {
    const slot = new Slot(this.folder, ++this.last);
    this.all.set(slot.number, slot);
    this.opening.add(slot);
    this.request(slot.number);
  }
}
