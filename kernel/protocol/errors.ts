import { NxcError } from '../../src/errors.js';

/** A connection file that cannot be used, or a kernel that does not answer. */
export class ConnectionError extends NxcError {}
