import { type AttrSet, Attrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectBool, expectString } from '../../nix/expect.js';
import { force, type Lazy, primop, Thunk, type Value } from '../../nix/value.js';
import { fileOf, markOf } from './definition.js';
import { conflict } from './merge.js';
import type { Option } from './option.js';
import type { Modules, OptionType } from './type.js';
import { functionsOf, mergeBehind, typeBehind } from './type-functions.js';

const read = new WeakMap<AttrSet, OptionType>();

/** The type that a value of lib.types (lib/types.nix), or one that the user made with lib.mkOptionType, stands for. */
export function readType(lazy: Lazy, modules: Pick<Modules, 'call'>): OptionType {
  const set = expectAttrs(lazy);
  const before = read.get(set);
  if (before) return before;
  if (markOf(set) !== 'option-type') {
    throw new NixError('throw', { asked: 'expected a type', todo: 'use one of lib.types' });
  }
  const type = typeOf(set, modules);
  read.set(set, type);
  return type;
}

function typeOf(set: AttrSet, modules: Pick<Modules, 'call'>): OptionType {
  const merge = force(set.get('merge')!);
  const check = force(set.get('check')!);
  const empty = emptyOf(set);
  const own = typeBehind(merge, check);
  const base = own ?? mergeBehind(merge);
  return {
    get description() {
      return own?.description ?? withArticle(expectString(set.get('description')!));
    },
    get empty() {
      return empty && (base?.empty ?? empty);
    },
    check: own ? value => own.check(value) : value => expectBool(modules.call(check, value)),
    merge: base
      ? (...args) => base.merge(...args)
      : (place, definitions, context) => {
          const list: Value = definitions.map(one => Attrs.from({ value: one.value, file: fileOf(one) }));
          return Thunk.of(() => context.call(merge, [...place], list));
        },
  };
}

function emptyOf(set: AttrSet): OptionType['empty'] {
  const empty = expectAttrs(set.get('emptyValue') ?? Attrs.from({}));
  return empty.has('value') ? () => empty.get('value')! : undefined;
}

/** lib's descriptions have no article: `string`, `list of string`. */
function withArticle(description: string): string {
  if (/^(an?|one|null|impossible|value|anything|\(|non-)/.test(description)) return description;
  return `${/^[aeiou]/i.test(description) ? 'an' : 'a'} ${description}`;
}

const asNix = new WeakMap<OptionType, AttrSet>();

/** A declared option's type for Nix code: the user's own, or a set around one of ours. */
export function nixType({ type, parts }: Option, modules: Modules): AttrSet {
  if (parts.nixType) return parts.nixType;
  const before = asNix.get(type);
  if (before) return before;
  const { check, merge } = functionsOf(type, modules);
  const nothing = primop('nothing', 1, () => null);
  const set = Attrs.from({
    _type: 'option-type',
    name: 'local',
    description: type.description,
    descriptionClass: 'noun',
    check,
    merge,
    emptyValue: type.empty
      ? Attrs.from({ value: Thunk.of(() => force(type.empty!([], modules))) })
      : Attrs.from({}),
    getSubOptions: primop('getSubOptions', 1, () => Attrs.from({})),
    getSubModules: null,
    substSubModules: nothing,
    typeMerge: nothing,
    functor: Attrs.from({ name: 'local', type: null, payload: null, binOp: primop('binOp', 2, () => null) }),
    deprecationMessage: null,
    nestedTypes: Attrs.from({}),
  });
  asNix.set(type, set);
  return set;
}

/** The type of an option that is a type itself: several are put together as those of an option declared twice. */
export const typeOfOptions: OptionType = {
  description: 'a type',
  check: value => markOf(value) === 'option-type',
  merge: (place, definitions, modules) =>
    definitions.slice(1).reduce((type: Value, one) => {
      const [first, second] = [expectAttrs(type), expectAttrs(one.value)];
      const merged = modules.call(first.get('typeMerge')!, second.get('functor')!);
      if (merged === null) throw conflict(place, definitions);
      return merged;
    }, definitions[0]!.value),
};
