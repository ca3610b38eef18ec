import { checkListLength } from './size.js';
import type { Position } from './source.js';
import type { Lazy } from './value.js';

type Positions = ReadonlyArray<Position | undefined>;

/** Where the items of lists are written, as long as a list is handed on whole or joined with others. */
const positions = new WeakMap<readonly Lazy[], Positions>();

export function placeItems(list: Lazy[], places: Positions): Lazy[] {
  positions.set(list, places);
  return list;
}

/** Where an item of a list is written; undefined for items that code made. */
export const itemPosition = (list: readonly Lazy[], index: number): Position | undefined =>
  positions.get(list)?.[index];

/** `left ++ right`. */
export function joinLists(left: readonly Lazy[], right: readonly Lazy[]): Lazy[] {
  checkListLength(left.length + right.length);
  const joined = left.concat(right);
  const before = positions.get(left);
  const after = positions.get(right);
  if (!before && !after) return joined;
  const none = (list: readonly Lazy[]): Positions => new Array<undefined>(list.length).fill(undefined);
  return placeItems(joined, [...(before ?? none(left)), ...(after ?? none(right))]);
}
