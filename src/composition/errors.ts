import { NxcError } from '../errors.js';

/** Something in nxc.json or in where the project lies. */
export class ProjectError extends NxcError {}

/** Something in how roles become nodes: `-r`, a roles file, rolesDistribution. */
export class DistributionError extends NxcError {}

/** Something in setup.toml or in the options that choose from it. */
export class SetupError extends NxcError {}

/** Something in the composition, or in a document that a build of it left. */
export class CompositionError extends NxcError {}
