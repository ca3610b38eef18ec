import { NxcError } from '../errors.js';

/** A deployment is not there, is there already, or could not be brought up. */
export class DeploymentError extends NxcError {}

/** The record in deploy/ cannot be written or read. */
export class RecordError extends NxcError {}
