import { AttrSet, Attrs } from '../../nix/attrs.js';
import { itemPosition } from '../../nix/item-positions.js';
import { force, type Lazy, primop, Thunk, type Value } from '../../nix/value.js';
import { candidates, childOf, type Definition } from './definition.js';
import { conflict, mergeDefinitions, mergeEqual } from './merge.js';
import { NoValue } from './no-value.js';
import { formalsOf, isFunction, isText } from './scalar-types.js';
import type { OptionType, Settled } from './type.js';

/** Lists one after the other. An item under a false mkIf is left out. */
export function listOf(item: OptionType): OptionType {
  return {
    get description() {
      return `a list of ${plural(item.description)}`;
    },
    check: Array.isArray,
    empty: () => [],
    merge: (place, definitions, modules) =>
      definitions.flatMap(one =>
        (one.value as Lazy[]).flatMap((value, index) => {
          const position = itemPosition(one.value as Lazy[], index) ?? one.position;
          const merge = (): Lazy[] => {
            const here = [...place, `[${index}]`];
            const merged = mergeDefinitions(here, item, [{ ...one, value, position }], modules);
            return merged === undefined ? [] : [merged];
          };
          return modules.attempt(merge, []);
        }),
      ),
  };
}

/** Sets merged name by name. A name whose definitions are all under false conditions is not there. */
export function attrsOf(item: OptionType): OptionType {
  return {
    get description() {
      return `a set of ${plural(item.description)}`;
    },
    check: value => value instanceof AttrSet,
    empty: () => new Attrs(new Map()),
    merge: (place, definitions, modules) => {
      const children = childrenOf(definitions);
      const values = new Map<string, Lazy>();
      for (const [name, list] of children) {
        if (!modules.attempt(() => list.some(one => candidates(one).length > 0), false)) continue;
        values.set(
          name,
          Thunk.of(() => force(mergeDefinitions([...place, name], item, list, modules)!)),
        );
      }
      return new Attrs(values, positionsOf(children));
    },
  };
}

/** Sets whose names are there whatever their conditions say, so that the set may be read before them. */
export function lazyAttrsOf(item: OptionType): OptionType {
  return {
    get description() {
      return `a lazy set of ${plural(item.description)}`;
    },
    check: value => value instanceof AttrSet,
    empty: () => new Attrs(new Map()),
    merge: (place, definitions, modules) => {
      const children = childrenOf(definitions);
      const values = [...children].map(([name, list]) => {
        const here = [...place, name];
        const value = Thunk.of(() => {
          const merged = mergeDefinitions(here, item, list, modules);
          if (merged !== undefined) return force(merged);
          if (item.empty) return force(item.empty(here, modules));
          throw new NoValue(here);
        });
        return [name, value] as const;
      });
      return new Attrs(new Map(values), positionsOf(children));
    },
  };
}

/** One definition and no more, even if others were equal. */
export function unique(item: OptionType, message: string): OptionType {
  return {
    get description() {
      return item.description;
    },
    get empty() {
      return item.empty;
    },
    check: value => item.check(value),
    merge: (place, definitions, modules) => {
      if (definitions.length > 1) throw conflict(place, definitions, message || undefined);
      return item.merge(place, definitions, modules);
    },
  };
}

export function nullOr(item: OptionType): OptionType {
  return {
    get description() {
      return `${item.description} or null`;
    },
    check: value => value === null || item.check(value),
    merge: (place, definitions, modules) => {
      const present = definitions.filter(({ value }) => value !== null);
      if (present.length === 0) return null;
      if (present.length < definitions.length) throw conflict(place, definitions);
      return item.merge(place, present, modules);
    },
  };
}

export function oneOf(alternatives: readonly OptionType[]): OptionType {
  return {
    get description() {
      return alternatives.map(({ description }) => description).join(' or ');
    },
    check: value => alternatives.some(type => type.check(value)),
    merge: (place, definitions, modules) => {
      const fitting = alternatives.find(type => definitions.every(({ value }) => type.check(value)));
      if (!fitting) throw conflict(place, definitions);
      return fitting.merge(place, definitions, modules);
    },
  };
}

/** Values of one type become values of another before they are merged. */
export function coercedTo(from: OptionType, convert: (value: Value) => Value, to: OptionType): OptionType {
  return {
    get description() {
      return `${to.description} or ${from.description}`;
    },
    check: value => (from.check(value) && to.check(convert(value))) || to.check(value),
    get empty() {
      return to.empty;
    },
    merge: (place, definitions, modules) => {
      const converted = definitions.map(one =>
        from.check(one.value) ? { ...one, value: convert(one.value) } : one,
      );
      return mergeDefinitions(place, to, converted, modules)!;
    },
  };
}

/** Functions whose results are merged. */
export function functionTo(result: OptionType): OptionType {
  return {
    get description() {
      return `a function that gives ${result.description}`;
    },
    check: isFunction,
    merge: (place, definitions, modules) =>
      Attrs.from({
        __functionArgs: Thunk.of(() => commonArguments(definitions.map(({ value }) => value))),
        __functor: primop('option', 2, (_self, argument) => {
          const results = definitions.map(one => ({ ...one, value: modules.call(one.value, argument) }));
          return mergeDefinitions([...place, '<function body>'], result, results, modules)!;
        }),
      }),
  };
}

/** What several functions take, each called with the same set: an argument is optional when it is for all that take it. */
function commonArguments(functions: readonly Value[]): Attrs {
  const all = new Map<string, boolean>();
  for (const each of functions) {
    for (const [name, optional] of formalsOf(each)) all.set(name, optional && (all.get(name) ?? true));
  }
  return new Attrs(all);
}

/** The type where none is known: sets are merged deep, lists joined, everything else must agree. */
export const anything: OptionType = {
  description: 'a value',
  check: () => true,
  merge: (place, definitions, modules) => {
    const values = definitions.map(({ value }) => value);
    if (values.every(value => value instanceof AttrSet && !value.has('outPath'))) {
      return attrsOf(anything).merge(place, definitions, modules);
    }
    if (values.every(Array.isArray)) return values.flat(1) as Lazy[];
    return mergeEqual(
      place,
      definitions,
      (a, b) => a === b || (isText(a) && isText(b) && String(a) === String(b)),
    );
  },
};

/** The definitions of each name in definitions that are sets. */
function childrenOf(definitions: readonly Settled[]): Map<string, Definition[]> {
  const children = new Map<string, Definition[]>();
  for (const parent of definitions) {
    const set = parent as Definition & { value: AttrSet };
    for (const name of set.value.names()) {
      const list = children.get(name) ?? [];
      list.push(childOf(set, name));
      children.set(name, list);
    }
  }
  return children;
}

function positionsOf(children: ReadonlyMap<string, readonly Definition[]>) {
  const entries = [...children].flatMap(([name, [first]]) =>
    first?.position ? [[name, first.position] as const] : [],
  );
  return new Map(entries);
}

/** `a value or a list of values` becomes `values or lists of values`; what has no article, like null, stays. */
const plural = (description: string): string =>
  description.replaceAll(/(^| or )an? ((?:absolute |floating point )?\w+)/g, '$1$2s');
