import type { Definition, Place } from './definition.js';

/** Something that is defined, and that no option declares. */
export interface Stray {
  place: Place;
  /** Those whose conditions hold; at least one. */
  definitions: readonly Definition[];
  /** Names of the options beside it. */
  known: readonly string[];
  /** False when modules could not be read that may declare it. */
  complete: boolean;
}
