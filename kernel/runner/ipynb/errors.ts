import { NxcError } from '../../../src/index.js';

/** A notebook file that cannot be read or written. */
export class NotebookError extends NxcError {}
