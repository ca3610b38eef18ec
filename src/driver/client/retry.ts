import { AssertionFailed } from '../errors.js';
import { optionsOf, requireFunction } from '../known-options.js';
import { poll } from '../poll.js';

/**
 * Tries again while `action` throws or gives false; after `timeout` seconds its last error is thrown. It is told whether a try is
 * the last.
 */
export async function retry<T>(
  action: (last: boolean) => T | Promise<T>,
  options: { timeout?: number } = {},
): Promise<T> {
  requireFunction('retry', action);
  const timeout = optionsOf('retry', options, ['timeout']).optionalNumber('timeout') ?? 900;
  const attempt = async (last: boolean) => {
    const value = await action(last);
    if (value === false) throw new AssertionFailed(`retry: still false after ${timeout} s`);
    return { value };
  };
  const found = await poll(() => attempt(false).catch(() => undefined), { timeoutMs: timeout * 1000 });
  return (found ?? (await attempt(true))).value;
}
