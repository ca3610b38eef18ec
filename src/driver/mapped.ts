import { fanOut, mostParallel } from './fan-out.js';

/** What `nodes.map` gives: an array, as arrays' `map` does, that can be awaited as a whole, as what runs on many machines can. */
export type Mapped<Out> = Out[] & Pick<Promise<Array<Awaited<Out>>>, 'then' | 'catch' | 'finally'>;

/**
 * Calls `work` for all items, in parallel. Awaited it gives all values, and PartialFailure when it fails for some; each is there by
 * itself, too, for `Promise.all` and for work that takes no time.
 */
export function mapped<Item extends { name: string }, Out>(
  items: readonly Item[],
  work: (item: Item, index: number, items: readonly Item[]) => Out,
  maxParallel = mostParallel,
): Mapped<Out> {
  const each = inTurn(items, work, maxParallel);
  const all = () =>
    fanOut(items, async (_, index) => each[index], items.length) as Promise<Array<Awaited<Out>>>;
  const words: Pick<Promise<Array<Awaited<Out>>>, 'then' | 'catch' | 'finally'> = {
    // biome-ignore lint/suspicious/noThenProperty: so that `await nodes.map(…)` waits for all of them
    then: (done, failed) => all().then(done, failed),
    catch: failed => all().catch(failed),
    finally: done => all().finally(done),
  };
  // Hidden, so that it looks like the array it is.
  for (const [name, value] of Object.entries(words)) Object.defineProperty(each, name, { value });
  return each as Mapped<Out>;
}

/** What `work` gives for each; what has to wait, because so many others have not come to their end, is a promise of it. */
function inTurn<Item, Out>(
  items: readonly Item[],
  work: (item: Item, index: number, items: readonly Item[]) => Out,
  maxParallel: number,
): Array<Out | Promise<Out>> {
  const waiting: Array<() => void> = [];
  let begun = 0;
  return items.map((item, index) => {
    const begin = () => work(item, index, items);
    const given = begun < maxParallel ? tried(begin) : new Promise<void>(go => waiting.push(go)).then(begin);
    if (!isPromise(given)) return given;
    begun++;
    return Promise.resolve(given).finally(() => waiting.shift()?.()) as Promise<Out>;
  });
}

/** The others are tried whatever fails: what is thrown is kept for who waits for it. */
function tried<Out>(work: () => Out): Out | Promise<never> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined | null)?.then === 'function';
}
