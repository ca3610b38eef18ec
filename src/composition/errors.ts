import { type ErrorParts, NxcError } from '../errors.js';
import { visibleParts } from '../visible.js';

/** Something in nxc.json or in where the project lies. */
export class ProjectError extends NxcError {}

/** Something in how roles become nodes: `-r`, a roles file, rolesDistribution. */
export class DistributionError extends NxcError {
  constructor(parts: ErrorParts | string) {
    super(visibleParts(parts));
  }
}

/** Something in setup.toml or in the options that choose from it. */
export class SetupError extends NxcError {}

/** Something in the composition, or in a document that a build of it left. */
export class CompositionError extends NxcError {
  constructor(parts: ErrorParts | string) {
    super(visibleParts(parts));
  }
}
