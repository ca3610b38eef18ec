import { nearest } from '../suggest.js';
import { CallError } from './calls.js';

/** An option that is not known would be left out silently: it is a CallError with the nearest names. */
export function checkOptions(call: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new CallError({
      asked: `${call} has no option "${name}"`,
      nearest: nearest(name, known),
      found: `its options are ${known.join(', ')}`,
    });
  }
}
