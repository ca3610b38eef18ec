import { NxcError } from '../../src/errors.js';

/** A kernelspec that cannot be installed, found or removed as asked. */
export class KernelspecError extends NxcError {}
