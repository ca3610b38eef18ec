import { NxcError } from '../errors.js';

/** The words of a command cannot be understood. */
export class UsageError extends NxcError {}
