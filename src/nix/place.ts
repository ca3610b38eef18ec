import { Attrs } from './attrs.js';
import type { Position } from './source.js';

/** A place as Nix code sees it, from `__curPos` and `unsafeGetAttrPos`. */
export function placeOf(position: Position): Attrs {
  const { file, line, column } = position;
  return Attrs.from({ file, line: BigInt(line), column: BigInt(column) });
}
