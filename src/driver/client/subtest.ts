/** What a TypeScript cell has of the driver besides machines, a file each: the front does the work, these ask it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { messageOf } from '../../errors.js';
import type { RpcClient } from '../../rpc.js';
import { kindOf } from '../failure-kind.js';
import { checkOptions, requireFunction } from '../known-options.js';

/** `subtest(name, run)` or `subtest(name, { points }, run)`. */
export function subtests(rpc: RpcClient) {
  const around = new AsyncLocalStorage<unknown>();
  type Run<T> = () => T | Promise<T>;
  return async <T>(name: string, ...rest: [Run<T>] | [{ points?: number }, Run<T>]): Promise<T> => {
    const run = rest.at(-1) as Run<T>;
    requireFunction('subtest', run);
    const options = rest.length === 2 ? rest[0] : {};
    checkOptions('subtest', options, ['points']);
    const { points } = options;
    const id = await rpc.request('subtest.begin', { name, points, parent: around.getStore() });
    try {
      const value = await around.run(id, async () => run());
      await rpc.request('subtest.end', { id });
      return value;
    } catch (error) {
      await rpc.request('subtest.end', {
        id,
        error: messageOf(error),
        kind: kindOf(error),
        at: placeOf(error),
      });
      throw error;
    }
  };
}

/** Where in a cell it was thrown; a stack names cells as `In[4]:3:5`. */
function placeOf(error: unknown): string | undefined {
  return /In\[\d+\]:\d+/.exec(
    (error as Error | undefined)?.stack?.split('\n    at ').slice(1).join('\n') ?? '',
  )?.[0];
}
