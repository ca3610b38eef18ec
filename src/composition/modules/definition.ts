import { AttrSet } from '../../nix/attrs.js';
import { expectBool, expectInt, expectList, expectString } from '../../nix/expect.js';
import type { Position } from '../../nix/source.js';
import { force, type Lazy, type Value } from '../../nix/value.js';

/** Names of options from the outside in: `['services', 'web', 'port']`. */
export type Place = readonly string[];

/** What one module says of one option, with the marks (lib.mkIf and the like) that stand around it. */
export interface Definition {
  value: Lazy;
  position: Position | undefined;
  /** Of mkIf, outermost first. */
  conditions: readonly Lazy[];
  /** Of mkOverride; smaller wins. */
  priority: number;
  /** Of mkOrder; smaller comes first. */
  order: number;
}

const NORMAL_PRIORITY = 100;
const NORMAL_ORDER = 1000;

export function definition(value: Lazy, position?: Position): Definition {
  return { value, position, conditions: [], priority: NORMAL_PRIORITY, order: NORMAL_ORDER };
}

/** Whether every mkIf around it holds. */
export function holds({ conditions, position }: Definition): boolean {
  return conditions.every(condition => expectBool(condition, position));
}

/**
 * The definition with its marks taken off: none when a condition fails, several for mkMerge. A value under a false
 * mkIf is never looked at.
 */
export function discharge(marked: Definition): Definition[] {
  if (!holds(marked)) return [];
  const { inner } = unwrap({ ...marked, conditions: [] });
  return inner ? inner.flatMap(discharge) : [marked];
}

/** The same for a set that has options in it: conditions are handed down instead of being asked, so that config may refer to itself. */
export function spread(marked: Definition): Array<Definition & { value: Value }> {
  const { value, inner } = unwrap(marked);
  return inner ? inner.flatMap(spread) : [{ ...marked, value }];
}

/** The definition of one attribute of a set. */
export function childOf(parent: Definition & { value: AttrSet }, name: string): Definition {
  return {
    ...parent,
    value: parent.value.get(name)!,
    position: parent.value.position(name) ?? parent.position,
  };
}

/** The value, and what stands inside when it is a mark. */
function unwrap(marked: Definition): { value: Value; inner?: Definition[] } {
  const value = force(marked.value);
  if (!(value instanceof AttrSet) || !value.has('_type')) return { value };
  switch (force(value.get('_type')!)) {
    case 'if': {
      const conditions = [...marked.conditions, value.get('condition')!];
      return { value, inner: [{ ...marked, value: value.get('content')!, conditions }] };
    }
    case 'merge': {
      const contents = expectList(value.get('contents')!, marked.position);
      return { value, inner: contents.map(item => ({ ...marked, value: item })) };
    }
    case 'override': {
      const priority = Number(expectInt(value.get('priority')!, marked.position));
      return { value, inner: [{ ...marked, value: value.get('content')!, priority }] };
    }
    case 'order': {
      const order = Number(expectInt(value.get('priority')!, marked.position));
      return { value, inner: [{ ...marked, value: value.get('content')!, order }] };
    }
    default:
      return { value };
  }
}

/** `systemd.services.web.script`; names that are no identifiers in quotes, items of lists as `[0]`. */
export function showPlace(place: Place): string {
  return place
    .map((name, index) => {
      if (/^\[\d+\]$/.test(name)) return name;
      const shown = /^[A-Za-z_<*][\w'\-*>]*$/.test(name) ? name : JSON.stringify(name);
      return index === 0 ? shown : `.${shown}`;
    })
    .join('');
}

/** The `_type` of a set; undefined for other values. */
export function markOf(value: Value): string | undefined {
  return value instanceof AttrSet && value.has('_type') ? expectString(value.get('_type')!) : undefined;
}
