import { InterruptedError, messageOf, NxcError } from '../errors.js';
import { kindOf } from './failure-kind.js';

export interface Failure {
  node: string;
  error: Error;
}

/** Nodes of several did not do what was asked; PartialFailure or PartialOutage says why. */
abstract class OfSeveral extends NxcError {
  readonly data: { failed: Array<{ node: string; name: string; message: string }>; succeeded: string[] };

  constructor(failures: readonly Failure[], succeeded: readonly string[]) {
    const total = failures.length + succeeded.length;
    super({
      asked: `${failures.length} of ${total} nodes failed: ${failures.map(f => f.node).join(', ')}`,
      found: [
        succeeded.length > 0 ? `${succeeded.length} succeeded: ${succeeded.join(', ')}` : 'none succeeded',
        ...failures.slice(0, 5).map(({ error }) => error.message),
        ...(failures.length > 5 ? [`… and ${failures.length - 5} more errors`] : []),
      ].join('\n'),
      cause: failures[0]?.error,
    });
    this.data = {
      failed: failures.map(({ node, error }) => ({ node, name: error.name, message: error.message })),
      succeeded: [...succeeded],
    };
  }
}

/** So many at a time when nobody says how many. */
export const mostParallel = 256;

/** What was asserted is not so on some of the nodes; the others did what was asked. */
export class PartialFailure extends OfSeveral {}

/** Some of the nodes could not be reached: infrastructure, not the user's assertion. */
export class PartialOutage extends OfSeveral {}

/**
 * Calls `work` for every item, at most `maxParallel` at a time, and gives what came back in the items' order.
 * All of them are tried whatever fails; a single item fails with its own error, several with PartialFailure or PartialOutage.
 */
export async function fanOut<Item extends { name: string }, Out>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Out>,
  maxParallel = mostParallel,
): Promise<Out[]> {
  const results = new Array<Out>(items.length);
  const failures = new Map<number, Failure>();
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      const item = items[index]!;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        if (error instanceof InterruptedError) throw error;
        failures.set(index, {
          node: item.name,
          error: error instanceof Error ? error : new Error(messageOf(error)),
        });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, maxParallel), items.length) }, worker));
  if (failures.size === 0) return results;
  if (items.length === 1) throw failures.get(0)!.error;
  const outage = [...failures.values()].some(({ error }) => kindOf(error) === 'infrastructure');
  throw new (outage ? PartialOutage : PartialFailure)(
    items.flatMap((_, index) => failures.get(index) ?? []),
    items.filter((_, index) => !failures.has(index)).map(item => item.name),
  );
}
