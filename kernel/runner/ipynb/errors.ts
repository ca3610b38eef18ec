import { UsageError } from '../../../src/index.js';

/** A notebook that cannot be read, run, resumed or written: nothing of it was run. */
export class NotebookError extends UsageError {}
