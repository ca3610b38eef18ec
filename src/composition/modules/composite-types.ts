import { AttrSet, Attrs } from '../../nix/attrs.js';
import { itemPosition } from '../../nix/item-positions.js';
import { force, type Lazy, primop, Thunk } from '../../nix/value.js';
import { childOf, type Definition, discharge } from './definition.js';
import { conflict, mergeDefinitions, mergeEqual } from './merge.js';
import { isFunction, isText } from './scalar-types.js';
import type { OptionType, Settled } from './type.js';

/** Lists one after the other. An item under a false mkIf is left out. */
export function listOf(item: OptionType): OptionType {
  return {
    description: `a list of ${plural(item.description)}`,
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
    description: `a set of ${plural(item.description)}`,
    check: value => value instanceof AttrSet,
    empty: () => new Attrs(new Map()),
    merge: (place, definitions, modules) => {
      const children = childrenOf(definitions);
      const values = new Map<string, Lazy>();
      for (const [name, list] of children) {
        if (!list.some(one => discharge(one).length > 0)) continue;
        values.set(
          name,
          Thunk.of(() => force(mergeDefinitions([...place, name], item, list, modules)!)),
        );
      }
      return new Attrs(values, positionsOf(children));
    },
  };
}

/** One definition and no more, even if others were equal. */
export function uniq(item: OptionType): OptionType {
  return {
    ...item,
    merge: (place, definitions, modules) => {
      if (definitions.length > 1) throw conflict(place, definitions);
      return item.merge(place, definitions, modules);
    },
  };
}

export function nullOr(item: OptionType): OptionType {
  return {
    description: `${item.description} or null`,
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
    description: alternatives.map(({ description }) => description).join(' or '),
    check: value => alternatives.some(type => type.check(value)),
    merge: (place, definitions, modules) => {
      const fitting = alternatives.find(type => definitions.every(({ value }) => type.check(value)));
      if (!fitting) throw conflict(place, definitions);
      return fitting.merge(place, definitions, modules);
    },
  };
}

/** Values of one type become values of another before they are merged. */
export function coercedTo(from: OptionType, convert: Lazy, to: OptionType): OptionType {
  return {
    description: `${to.description} or ${from.description}`,
    check: value => to.check(value) || from.check(value),
    empty: to.empty,
    merge: (place, definitions, modules) => {
      const converted = definitions.map(one =>
        from.check(one.value) ? { ...one, value: modules.call(convert, one.value) } : one,
      );
      return mergeDefinitions(place, to, converted, modules)!;
    },
  };
}

/** Functions whose results are merged. */
export function functionTo(result: OptionType): OptionType {
  return {
    description: `a function that gives ${result.description}`,
    check: isFunction,
    merge: (place, definitions, modules) =>
      primop('option', 1, argument => {
        const results = definitions.map(one => ({ ...one, value: modules.call(one.value, argument) }));
        return mergeDefinitions([...place, '<function>'], result, results, modules)!;
      }),
  };
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
