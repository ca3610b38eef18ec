import { NixError, type Position } from '../../nix/index.js';
import { CompositionError } from '../errors.js';

/** Shows where in the user's code a composition's error is, when the place is known. */
export function atPosition<T>(position: Position | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CompositionError && position)
      throw new NixError('evaluation', error.parts, position);
    throw error;
  }
}
