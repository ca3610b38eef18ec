import { NxcError } from '../../src/index.js';

/** A magic's line cannot be understood. */
export class MagicError extends NxcError {}
