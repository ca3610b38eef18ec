import { type ErrorParts, NxcError } from '../errors.js';

/** A deployment is not there, is there already, or could not be brought up. */
export class DeploymentError extends NxcError {}

/** What is to be started runs already, or somebody else is starting it. */
export class PlaceTaken extends DeploymentError {}

/** The record in deploy/ cannot be written or read, or stands for nothing that can be handled from here. */
export class RecordError extends NxcError {
  /** `file`: absolute path of the record. */
  constructor(
    readonly file: string,
    parts: ErrorParts,
  ) {
    super(parts);
  }
}

/** The record came with a copied project: its run is another project's. */
export class CopiedRecord extends RecordError {}
