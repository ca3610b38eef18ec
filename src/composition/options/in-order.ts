import { NixError, type Position } from '../../nix/index.js';
import { Circle, type Ordered, startOrder } from '../systemd/order.js';

/**
 * In start order. A circle is an error that shows where each of its steps is written.
 * @param placeOf where a definition says this
 */
export function inOrder<T extends Ordered>(
  items: readonly T[],
  placeOf: (item: T, option: 'after' | 'before') => Position | undefined,
): T[] {
  try {
    return startOrder(items);
  } catch (error) {
    if (!(error instanceof Circle)) throw error;
    const circle = error.names.map(name => items.find(item => item.name === name)!);
    const steps = circle.slice(1).map((earlier, index) => {
      const later = circle[index]!;
      return later.after.includes(earlier.name)
        ? { text: `${later.name} after ${earlier.name}`, position: placeOf(later, 'after') }
        : { text: `${earlier.name} before ${later.name}`, position: placeOf(earlier, 'before') };
    });
    const found = steps.map(({ text, position }) => `${text} at ${position ?? 'an unknown place'}`);
    throw new NixError('evaluation', { ...error.parts, found: found.join('\n       ') }, steps[0]!.position);
  }
}
