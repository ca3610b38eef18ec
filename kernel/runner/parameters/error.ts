import { UsageError } from '../../../src/index.js';

/** A parameter that cannot be understood, or that the notebook cannot take. */
export class ParameterError extends UsageError {}
