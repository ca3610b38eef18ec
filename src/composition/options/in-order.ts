import { NixError, type Position } from '../../nix/index.js';
import { Cycle, type Ordered, startOrder } from '../systemd/order.js';

/**
 * In start order. A cycle is an error that shows where each of its steps is written.
 * @param placeOf where a definition says this
 */
export function inOrder<T extends Ordered>(
  items: readonly T[],
  placeOf: (item: T, option: 'after' | 'before') => Position | undefined,
): T[] {
  try {
    return startOrder(items);
  } catch (error) {
    if (!(error instanceof Cycle)) throw error;
    const cycle = error.names.map(name => items.find(item => item.name === name)!);
    const steps = cycle.slice(1).map((earlier, index) => {
      const later = cycle[index]!;
      return later.after.includes(earlier.name)
        ? { text: `${later.name} after ${earlier.name}`, position: placeOf(later, 'after') }
        : { text: `${earlier.name} before ${later.name}`, position: placeOf(earlier, 'before') };
    });
    const found = steps.map(({ text, position }) => `${text} at ${position ?? 'an unknown place'}`);
    throw new NixError('evaluation', { ...error.parts, found: found.join('\n       ') }, steps[0]!.position);
  }
}
