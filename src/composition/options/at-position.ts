import { NixError, type Position } from '../../nix/index.js';
import { CompositionError, DistributionError } from '../errors.js';

/** Shows where in the user's code a composition's error is, when the place is known. */
export function atPosition<T>(position: Position | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const own = error instanceof CompositionError || error instanceof DistributionError;
    throw own && position ? new NixError('evaluation', error.parts, position) : error;
  }
}
