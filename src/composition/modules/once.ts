import { NixError } from '../../nix/error.js';

/** Computes once. What needs itself on the way cannot be computed. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | 'running' | undefined;
  return () => {
    if (made === 'running') {
      throw new NixError('infinite-recursion', {
        asked: 'infinite recursion: which modules and options there are depends on themselves',
        todo: 'import unconditionally, and put lib.mkIf around what depends on config',
      });
    }
    if (made !== undefined) return made.value;
    made = 'running';
    try {
      const value = make();
      made = { value };
      return value;
    } finally {
      if (made === 'running') made = undefined;
    }
  };
}
