import { Attrs } from './attrs.js';
import { force, type Lazy, type Value } from './value.js';

/**
 * Computes a value and everything inside it; afterwards its lists and sets hold values and no thunks. What contains
 * itself is walked once. Virtual sets are left alone.
 */
export function deepForce(lazy: Lazy, seen = new Set<Value>()): Value {
  const value = force(lazy);
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  if (Array.isArray(value)) {
    seen.add(value);
    // A value in the place of its thunk changes nothing that Nix code could see.
    for (const [index, item] of value.entries()) value[index] = deepForce(item, seen);
  } else if (value instanceof Attrs) {
    seen.add(value);
    const map = value.map as Map<string, Lazy>;
    for (const [name, item] of map) map.set(name, deepForce(item, seen));
  }
  return value;
}
