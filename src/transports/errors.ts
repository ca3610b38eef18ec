import { NxcError } from '../errors.js';

/** A node cannot be reached: it is gone, was killed, or its channel broke. Infrastructure, not the user's assertion. */
export class TransportError extends NxcError {}
