import { NxcError } from '../../errors.js';

/** A deployment of this flavour cannot be brought up, or something cannot be done to one of its nodes. */
export class DockerError extends NxcError {}
