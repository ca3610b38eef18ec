import { asName, type Name, type NameKind } from '../name.js';
import type { Position } from '../nix/index.js';
import { CompositionError } from './errors.js';
import { atPosition } from './options/at-position.js';

/** A name that stands in a composition; the error of one that is none shows where. */
export const checkedName = (kind: NameKind, text: string, position: Position | undefined): Name =>
  atPosition(position, () => asName(kind, text, CompositionError));
