import { type AttrSet, Attrs, VirtualAttrs } from '../attrs.js';
import { describe } from '../describe.js';
import { NixError } from '../error.js';
import { expectAttrs, expectList, expectString } from '../expect.js';
import { placeOf } from '../place.js';
import { select } from '../select.js';
import type { Position } from '../source.js';
import { force, Lambda, type Lazy, Primop, Thunk } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

export function setBuiltins({ evaluation }: Workshop): Builtins {
  return {
    attrNames: set => [...expectAttrs(set).names()],
    attrValues: set => [...expectAttrs(set)].map(([, value]) => value),
    getAttr: (name, set) => select(set, expectString(name)),
    hasAttr: (name, set) => expectAttrs(set).has(expectString(name)),
    unsafeGetAttrPos: (name, set) => {
      const position = expectAttrs(set).position(expectString(name));
      return position ? placeOf(position) : null;
    },
    removeAttrs: (set, names) => {
      const removed = new Set(expectList(names).map(name => expectString(name)));
      return restrict(expectAttrs(set), name => !removed.has(name));
    },
    intersectAttrs: (names, set) => {
      const wanted = expectAttrs(names);
      const from = expectAttrs(set);
      // The side that can be listed decides: a virtual set knows more names than it lists.
      const listed = from instanceof Attrs && wanted.names().length > from.names().length ? from : wanted;
      return collect(
        from,
        listed.names().filter(name => wanted.has(name) && from.has(name)),
      );
    },
    mapAttrs: (f, set) => {
      const attrs = expectAttrs(set);
      const map = new Map<string, Lazy>();
      const positions = new Map<string, Position>();
      for (const [name, value] of attrs) {
        map.set(
          name,
          Thunk.of(() => evaluation.call(f, name, value)),
        );
        const position = attrs.position(name);
        if (position) positions.set(name, position);
      }
      return new Attrs(map, positions);
    },
    listToAttrs: list => {
      const map = new Map<string, Lazy>();
      for (const item of expectList(list)) {
        const set = expectAttrs(item);
        const name = expectString(select(set, 'name'));
        // As Nix: of several items with one name the first counts.
        if (!map.has(name)) map.set(name, set.get('value') ?? Thunk.of(() => select(set, 'value')));
      }
      return new Attrs(map);
    },
    catAttrs: (name, list) => {
      const wanted = expectString(name);
      return expectList(list).flatMap(item => {
        const value = expectAttrs(item).get(wanted);
        return value === undefined ? [] : [value];
      });
    },
    zipAttrsWith: (f, list) => {
      const groups = new Map<string, Lazy[]>();
      for (const item of expectList(list)) {
        for (const [name, value] of expectAttrs(item)) {
          const group = groups.get(name);
          if (group) group.push(value);
          else groups.set(name, [value]);
        }
      }
      const zipped = [...groups].map(
        ([name, values]) => [name, Thunk.of(() => evaluation.call(f, name, values))] as const,
      );
      return Attrs.from(zipped);
    },
    functionArgs: fn => {
      const value = force(fn);
      if (value instanceof Lambda) return new Attrs(value.formals ?? new Map());
      if (value instanceof Primop) return Attrs.from({});
      throw new NixError('type', { asked: 'expected a function', found: describe(value) });
    },
  };
}

function collect(from: AttrSet, names: readonly string[]): Attrs {
  const positions = new Map<string, Position>();
  for (const name of names) {
    const position = from.position(name);
    if (position) positions.set(name, position);
  }
  return new Attrs(new Map(names.map(name => [name, from.get(name)!])), positions);
}

function restrict(set: AttrSet, keep: (name: string) => boolean): AttrSet {
  if (set instanceof Attrs) return collect(set, set.names().filter(keep));
  return new VirtualAttrs({
    get: name => (keep(name) ? set.get(name) : undefined),
    has: name => keep(name) && set.has(name),
    names: () => set.names().filter(keep),
  });
}
