import { type AttrSet, Attrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectBool, expectInt, expectList, expectString } from '../../nix/expect.js';
import { force, type Lazy, Thunk, type Value } from '../../nix/value.js';
import { anything, attrsOf, coercedTo, functionTo, listOf, nullOr, oneOf, uniq } from './composite-types.js';
import { markOf } from './definition.js';
import * as scalar from './scalar-types.js';
import { submodule } from './submodule-type.js';
import type { Modules, OptionType } from './type.js';

const SIMPLE: Readonly<Record<string, OptionType>> = {
  raw: scalar.raw,
  unspecified: anything,
  anything,
  bool: scalar.bool,
  int: scalar.int,
  float: scalar.float,
  str: scalar.str,
  path: scalar.path,
  package: scalar.packageType,
  attrs: attrsOf(anything),
};

/** The type that lib.types (lib/types.nix) describes. */
export function readType(lazy: Lazy, modules: Pick<Modules, 'call'>): OptionType {
  const set = expectAttrs(lazy);
  if (markOf(set) !== 'option-type') {
    throw new NixError('type', { asked: 'expected a type', todo: 'use one of lib.types' });
  }
  const name = expectString(set.get('name')!);
  const part = (key: string): Lazy => set.get(key)!;
  const nested = (key: string): OptionType => lazily(() => readType(part(key), modules));
  switch (name) {
    case 'strMatching':
      return scalar.matching(expectString(part('pattern')));
    case 'separatedString':
      return scalar.separated(expectString(part('separator')));
    case 'enum':
      return scalar.enumeration(expectList(part('values')).map(force));
    case 'intBetween':
      return scalar.intBetween(bound(set, 'lowest'), bound(set, 'highest'));
    case 'boolByOr':
      return boolByOr;
    case 'listOf':
      return listOf(nested('elem'));
    case 'attrsOf':
      return attrsOf(nested('elem'));
    case 'nullOr':
      return nullOr(nested('elem'));
    case 'uniq':
      return uniq(nested('elem'));
    case 'functionTo':
      return functionTo(nested('elem'));
    case 'oneOf':
      return oneOf(expectList(part('alternatives')).map(type => readType(type, modules)));
    case 'coercedTo':
      return coercedTo(nested('from'), part('convert'), nested('to'));
    case 'submodule':
      return submodule({}, expectList(part('modules')));
    case 'checked':
      return checked(nested('base'), part('check'), modules);
    case 'custom':
      return custom(set, modules);
    default:
      return SIMPLE[name] ?? anything;
  }
}

const boolByOr: OptionType = {
  ...scalar.bool,
  merge: (_place, definitions) => definitions.some(({ value }) => value === true),
};

/** A type may contain itself, so what is in it is read when it is needed. */
function lazily(make: () => OptionType): OptionType {
  let made: OptionType | undefined;
  const type = (): OptionType => (made ??= make());
  return {
    get description() {
      return type().description;
    },
    get empty() {
      return type().empty;
    },
    check: value => type().check(value),
    merge: (...args) => type().merge(...args),
  };
}

function checked(base: OptionType, check: Lazy, modules: Pick<Modules, 'call'>): OptionType {
  return {
    description: `${base.description} that passes its check`,
    empty: base.empty,
    check: value => base.check(value) && expectBool(modules.call(check, value)),
    merge: (...args) => base.merge(...args),
  };
}

/** lib.mkOptionType: check and merge are functions of the user. */
function custom(set: AttrSet, modules: Pick<Modules, 'call'>): OptionType {
  const merge = force(set.get('merge') ?? null);
  return {
    description: expectString(set.get('description')!),
    check: value => expectBool(modules.call(set.get('check')!, value)),
    merge: (place, definitions, context) => {
      if (merge === null) return scalar.raw.merge(place, definitions, context);
      const list: Value = definitions.map(({ value, position }) =>
        definitionSet(value, String(position?.file ?? 'unknown')),
      );
      return Thunk.of(() => context.call(merge, [...place], list));
    },
  };
}

function definitionSet(value: Value, file: string): AttrSet {
  return Attrs.from({ value, file });
}

function bound(set: AttrSet, name: string): bigint | undefined {
  return set.has(name) ? expectInt(set.get(name)!) : undefined;
}
