import { AttrSet, Attrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectBool, expectInt, expectList, expectString } from '../../nix/expect.js';
import type { Position } from '../../nix/source.js';
import { force, type Lazy, type Value } from '../../nix/value.js';

/** Names of options from the outside in: `['services', 'web', 'port']`. */
export type Place = readonly string[];

/** What one module says of one option, with the marks (lib.mkIf and the like) that stand around it. */
export interface Definition {
  value: Lazy;
  position: Position | undefined;
  /** The module's, where it says another one than that of the position. */
  file?: string;
  /** Of mkIf, outermost first. */
  conditions: readonly Lazy[];
  /** Of mkOverride; smaller wins. */
  priority: number;
  /** Of mkOrder; smaller comes first. */
  order: number;
  /** Whether what is in it is not looked at before it has won: it stands in an mkOverride, or is a default. */
  sealed?: boolean;
}

const NORMAL_PRIORITY = 100;
const NORMAL_ORDER = 1000;
/** What nixpkgs says where it knows no file. */
export const UNKNOWN_FILE = '<unknown-file>';

export function definition(value: Lazy, position?: Position): Definition {
  return { value, position, conditions: [], priority: NORMAL_PRIORITY, order: NORMAL_ORDER };
}

/** The file to name when the definition is shown. */
export function fileOf({ file, position }: Definition): string {
  return file ?? position?.file ?? UNKNOWN_FILE;
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
  return candidates(marked).flatMap(one => (one.sealed ? opened(one) : [one]));
}

/** The same as far as it takes to know which wins: what stands in an mkOverride is not looked at. */
export function candidates(marked: Definition): Definition[] {
  if (!holds(marked)) return [];
  const plain = { ...marked, conditions: [] };
  if (marked.sealed) return [plain];
  const { inner, type } = unwrap(plain);
  if (!inner) return [plain];
  return type === 'override' ? inner.map(one => ({ ...one, sealed: true })) : inner.flatMap(candidates);
}

/** What stands in a candidate that has won: its value, with its order. */
export function opened(sealed: Definition): Definition[] {
  const plain = { ...sealed, sealed: false };
  const { value, inner, type } = unwrap(plain);
  if (!inner) return [{ ...plain, value }];
  if (type === 'order') return inner.flatMap(opened).map(one => ({ ...one, priority: sealed.priority }));
  throw new NixError(
    'throw',
    {
      asked: `lib.${NAMES[type!] ?? type} stands in a lib.mkOverride (mkForce, mkDefault …) or a default, where NixOS does not look for it`,
      todo: 'put lib.mkIf and lib.mkMerge outside and lib.mkForce inside',
    },
    sealed.position,
  );
}

const NAMES: Readonly<Record<string, string>> = { if: 'mkIf', merge: 'mkMerge', override: 'mkOverride' };

/** The value with marks around it that say what the definition says: the opposite of `spread`. */
export function marked({ value, conditions, priority, order }: Definition): Lazy {
  const around = (type: string, rest: Readonly<Record<string, Lazy>>): Attrs =>
    Attrs.from({ _type: type, ...rest });
  let all = value;
  if (order !== NORMAL_ORDER) all = around('order', { priority: BigInt(order), content: all });
  if (priority !== NORMAL_PRIORITY) all = around('override', { priority: BigInt(priority), content: all });
  for (const condition of [...conditions].reverse()) all = around('if', { condition, content: all });
  return all;
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
function unwrap(marked: Definition): { value: Value; inner?: Definition[]; type?: string } {
  const value = force(marked.value);
  if (!(value instanceof AttrSet) || !value.has('_type')) return { value };
  const type = String(force(value.get('_type')!));
  switch (type) {
    case 'if': {
      const conditions = [...marked.conditions, value.get('condition')!];
      return { value, type, inner: [{ ...marked, value: value.get('content')!, conditions }] };
    }
    case 'merge': {
      const contents = expectList(value.get('contents')!, marked.position);
      return { value, type, inner: contents.map(item => ({ ...marked, value: item })) };
    }
    case 'override': {
      const priority = Number(expectInt(value.get('priority')!, marked.position));
      return { value, type, inner: [{ ...marked, value: value.get('content')!, priority }] };
    }
    case 'order': {
      const order = Number(expectInt(value.get('priority')!, marked.position));
      return { value, type, inner: [{ ...marked, value: value.get('content')!, order }] };
    }
    case 'definition': {
      const file = expectString(value.get('file')!);
      return { value, type, inner: [{ ...marked, value: value.get('value')!, file }] };
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
