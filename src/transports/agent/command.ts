import { InterruptedError, NxcError } from '../../errors.js';
import type { ExecOptions, ExecResult } from '../transport.js';
import type { Channel } from './channel.js';
import type { Slot } from './slot.js';
import { Tail } from './tail.js';

const keptByDefault = 16 * 1024 * 1024;
/** Milliseconds between asking a process group to end and ending it. */
const grace = 150;

/** Runs one command on a node, and sees to it that nothing of it runs on after a timeout or an interrupt. */
export async function runCommand(
  channel: Channel,
  command: string,
  options: ExecOptions,
): Promise<ExecResult> {
  check(options);
  const slot = await slotFor(channel, options.signal);
  const stdout = new Tail(options.keepBytes ?? keptByDefault);
  const stderr = new Tail(options.keepBytes ?? keptByDefault);
  let open = true;
  const sink = (tail: Tail, tell?: (chunk: Buffer) => void) => (chunk: Buffer) => {
    if (!open) return;
    tail.push(chunk);
    tell?.(chunk);
  };
  const end = new Ending(channel, slot, options);
  const startedAt = new Date();
  const before = performance.now();
  try {
    const status = await channel.whileUp(() =>
      slot.run(command, options, sink(stdout, options.onStdout), sink(stderr, options.onStderr)),
    );
    // Whoever ignored the request to end is in the group still; the slot's next shell has a group of its own.
    if (end.reason) channel.kill('KILL', end.group);
    channel.release(slot, slot.settle());
    if (end.reason === 'interrupt') throw new InterruptedError();
    const timedOut = end.reason === 'timeout';
    return {
      status: timedOut ? -1 : status,
      stdout: stdout.take(),
      stderr: stderr.take(),
      timedOut,
      droppedBytes: stdout.dropped + stderr.dropped,
      startedAt,
      durationMs: performance.now() - before,
    };
  } finally {
    open = false;
    end.dispose();
  }
}

/** A slot, or InterruptedError at once, also when many wait for one. */
function slotFor(channel: Channel, signal?: AbortSignal): Promise<Slot> {
  if (signal?.aborted) throw new InterruptedError();
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(new InterruptedError());
    signal?.addEventListener('abort', interrupt, { once: true });
    channel
      .acquire()
      .then(slot => (signal?.aborted ? channel.release(slot, true) : resolve(slot)), reject)
      .finally(() => signal?.removeEventListener('abort', interrupt));
  });
}

/** Ends a command before its time: once for one reason, first gently. */
class Ending {
  reason?: 'timeout' | 'interrupt';
  group = 0;
  private readonly timer?: NodeJS.Timeout;
  private killer?: NodeJS.Timeout;
  private readonly interrupt = () => this.begin('interrupt');

  constructor(
    private readonly channel: Channel,
    private readonly slot: Slot,
    private readonly options: ExecOptions,
  ) {
    options.signal?.addEventListener('abort', this.interrupt, { once: true });
    // The signal may have come while the slot was made.
    if (options.signal?.aborted) this.interrupt();
    if (options.timeoutMs !== undefined)
      this.timer = setTimeout(() => this.begin('timeout'), options.timeoutMs);
  }

  dispose(): void {
    this.options.signal?.removeEventListener('abort', this.interrupt);
    clearTimeout(this.timer);
    clearTimeout(this.killer);
  }

  private begin(reason: 'timeout' | 'interrupt'): void {
    if (this.reason) return;
    this.reason = reason;
    void this.slot.running().then(group => {
      this.group = group;
      this.channel.kill('TERM', group);
      this.killer = setTimeout(() => this.channel.kill('KILL', group), grace);
    });
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
