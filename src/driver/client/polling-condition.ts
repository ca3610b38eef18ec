import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../duration.js';
import { AssertionFailed } from '../errors.js';
import { optionsOf, requireFunction } from '../known-options.js';
import { Params } from '../params.js';
import { poll } from '../poll.js';

export interface ConditionOptions {
  /** Seconds between two checks; default 2. */
  interval?: number;
  /** What errors call it. */
  description?: string;
}

/** A condition holds when its check neither throws nor gives false. */
export interface PollingCondition {
  /** Until it holds; AssertionFailed after so many seconds (900). */
  wait(timeout?: number): Promise<void>;
  /** Runs `work` while checking; AssertionFailed as soon as the condition does not hold any more. */
  during<T>(work: () => T | Promise<T>): Promise<T>;
}

/** The NixOS driver's polling_condition: something that must stay true while something else is done. */
export function pollingCondition(check: () => unknown, options: ConditionOptions = {}): PollingCondition {
  requireFunction('pollingCondition', check);
  const given = optionsOf('pollingCondition', options, ['interval', 'description']);
  const interval = given.optionalNumber('interval') ?? 2;
  const description = given.optionalText('description') ?? (check.name || 'the condition');
  const failure = async (): Promise<unknown> => {
    try {
      return (await check()) === false ? new Error('it gave false') : undefined;
    } catch (error) {
      return error;
    }
  };
  const require = async () => {
    const cause = await failure();
    if (cause !== undefined) throw broken(description, cause);
  };
  return {
    async wait(given) {
      const timeout = new Params('wait', { timeout: given }).optionalNumber('timeout') ?? 900;
      const held = await poll(async () => ((await failure()) === undefined ? true : undefined), {
        timeoutMs: timeout * 1000,
        slowestMs: interval * 1000,
      });
      if (!held) throw new AssertionFailed(`waited ${formatDuration(timeout * 1000)} until ${description}`);
    },
    async during(work) {
      await require();
      const over = new AbortController();
      const watch = async () => {
        while (!over.signal.aborted) {
          await sleep(interval * 1000, undefined, { signal: over.signal }).catch(() => {});
          if (!over.signal.aborted) await require();
        }
      };
      try {
        const watched = watch().then(() => new Promise<never>(() => {}));
        const value = await Promise.race([watched, (async () => work())()]);
        await require();
        return value;
      } finally {
        over.abort();
      }
    },
  };
}

function broken(description: string, cause: unknown): AssertionFailed {
  const failed = new AssertionFailed(`${description} does not hold: ${(cause as Error).message ?? cause}`);
  return Object.assign(failed, { cause });
}
