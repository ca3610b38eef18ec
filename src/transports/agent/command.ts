import { InterruptedError, NxcError } from '../../errors.js';
import type { ExecOptions, ExecResult } from '../transport.js';
import type { Channel } from './channel.js';
import type { Slot } from './slot.js';
import { Tail } from './tail.js';

const keptByDefault = 16 * 1024 * 1024;
/** Milliseconds between asking a process group to end and ending it. */
const grace = 150;
/** Milliseconds after that in which a node must have told the end. */
const patience = 1000;

/** Runs one command on a node, and sees to it that nothing of it runs on after a timeout or an interrupt. */
export async function runCommand(
  channel: Channel,
  command: string,
  options: ExecOptions,
): Promise<ExecResult> {
  check(options);
  if (options.signal?.aborted) throw new InterruptedError();
  const stdout = new Tail(options.keepBytes ?? keptByDefault);
  const stderr = new Tail(options.keepBytes ?? keptByDefault);
  let open = true;
  const sink = (tail: Tail, tell?: (chunk: Buffer) => void) => (chunk: Buffer) => {
    if (!open) return;
    tail.push(chunk);
    tell?.(chunk);
  };
  const end = new Ending(channel, options);
  let startedAt = new Date();
  let before = now();
  const run = async (slot: Slot): Promise<number> => {
    startedAt = new Date();
    before = now();
    let ended!: Promise<number>;
    const status = await channel
      .whileUp(() => {
        ended = slot.run(command, options, sink(stdout, options.onStdout), sink(stderr, options.onStderr));
        return end.orGiveUp(ended);
      })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.syscall === undefined) throw error;
        // A file of it cannot be written: its shell waits still.
        channel.release(slot, slot.settle());
        throw channel.noRoom(error.message);
      });
    // Whoever ignored the request to end is in the group still; the slot's next shell has a group of its own.
    if (end.reason) channel.kill('KILL', end.group);
    const clean = slot.settle();
    if (status !== undefined) channel.release(slot, clean);
    // A node that is frozen finds the order to kill it when it goes on.
    else
      ended.then(
        () => channel.release(slot, false),
        () => {},
      );
    return status ?? -1;
  };
  try {
    const status = await end.withSlot(run);
    if (end.reason === 'interrupt') throw new InterruptedError();
    const timedOut = end.reason === 'timeout';
    return {
      status: timedOut ? -1 : status,
      stdout: stdout.take(),
      stderr: stderr.take(),
      timedOut,
      droppedBytes: stdout.dropped + stderr.dropped,
      startedAt,
      durationMs: now() - before,
    };
  } finally {
    open = false;
    end.dispose();
  }
}

/** Milliseconds of a clock that nobody sets. `performance` takes as long to load as a command takes on a node. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** What the work comes to, or InterruptedError at once; the work itself goes on. */
export function orInterrupted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  // Nobody waits for it any more.
  work.catch(() => {});
  if (signal.aborted) return Promise.reject(new InterruptedError());
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(new InterruptedError());
    signal.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', interrupt));
  });
}

/** Ends a command before its time: once for one reason, first gently; also while it waits for a slot, and on a node that does not answer. */
class Ending {
  reason?: 'timeout' | 'interrupt';
  group = 0;
  private slot?: Slot;
  private giveUp!: () => void;
  private readonly givenUp = new Promise<undefined>(resolve => {
    this.giveUp = () => resolve(undefined);
  });
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly interrupt = () => this.begin('interrupt');

  constructor(
    private readonly channel: Channel,
    private readonly options: ExecOptions,
  ) {
    options.signal?.addEventListener('abort', this.interrupt, { once: true });
    if (options.timeoutMs !== undefined) this.after(options.timeoutMs, () => this.begin('timeout'));
  }

  /** What `run` gives; -1, and nothing was run, when the end came before there was a slot. */
  async withSlot(run: (slot: Slot) => Promise<number>): Promise<number> {
    const acquired = this.channel.acquire();
    const slot = await this.orGiveUp(acquired);
    if (slot && !this.reason) {
      this.slot = slot;
      return run(slot);
    }
    acquired.then(
      late => this.channel.release(late, true),
      () => {},
    );
    return -1;
  }

  /** What `work` comes to; undefined when it was to end and the node does not answer that. */
  orGiveUp<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.givenUp]);
  }

  dispose(): void {
    this.options.signal?.removeEventListener('abort', this.interrupt);
    for (const timer of this.timers) clearTimeout(timer);
  }

  private begin(reason: 'timeout' | 'interrupt'): void {
    if (this.reason) return;
    this.reason = reason;
    if (!this.slot) {
      this.giveUp();
      return;
    }
    this.after(grace + patience, this.giveUp);
    void this.slot.running().then(group => {
      this.group = group;
      this.channel.kill('TERM', group);
      this.after(grace, () => this.channel.kill('KILL', group));
    });
  }

  private after(milliseconds: number, work: () => void): void {
    this.timers.push(setTimeout(work, milliseconds));
  }
}

function check({ user, env = {} }: ExecOptions): void {
  if (user !== undefined && !/^[\w][\w.-]*\$?$/.test(user)) {
    throw new NxcError({ asked: `"${user}" cannot be the name of a user` });
  }
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new NxcError({ asked: `"${name}" cannot be the name of an environment variable` });
    }
  }
}
