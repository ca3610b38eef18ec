import { Attrs } from '../../nix/attrs.js';
import { expectAttrs, expectBool, expectList, expectString } from '../../nix/expect.js';
import { force, type Lazy, type Primop, primop, Thunk } from '../../nix/value.js';
import {
  attrsOf,
  coercedTo,
  functionTo,
  lazyAttrsOf,
  listOf,
  nullOr,
  oneOf,
  unique,
} from './composite-types.js';
import { readType } from './nix-types.js';
import * as scalar from './scalar-types.js';
import { submodule } from './submodule-type.js';
import type { Modules, OptionType } from './type.js';
import { functionsOf } from './type-functions.js';

/** Where the types that lib.types names check and merge: in TypeScript, for modules of roles and for Nix code alike. */
type Maker = (part: (name: string) => Lazy, modules: Pick<Modules, 'call'>) => OptionType;

const MAKERS: Readonly<Record<string, Maker>> = {
  raw: () => scalar.raw,
  bool: () => scalar.bool,
  boolByOr: () => scalar.boolByOr,
  int: () => scalar.int,
  float: () => scalar.float,
  str: () => scalar.str,
  package: () => scalar.packageInStore,
  path: part => scalar.pathWith(optionalBool(part('absolute')), optionalBool(part('inStore'))),
  separatedString: part => scalar.separated(expectString(part('sep'))),
  enum: part => scalar.enumeration(expectList(part('values')).map(force)),
  listOf: (part, modules) => listOf(lazily(part('elemType'), modules)),
  attrsOf: (part, modules) =>
    (expectBool(part('lazy')) ? lazyAttrsOf : attrsOf)(lazily(part('elemType'), modules)),
  nullOr: (part, modules) => nullOr(lazily(part('elemType'), modules)),
  unique: (part, modules) => unique(lazily(part('elemType'), modules), expectString(part('message'))),
  functionTo: (part, modules) => functionTo(lazily(part('elemType'), modules)),
  either: (part, modules) => oneOf([lazily(part('left'), modules), lazily(part('right'), modules)]),
  coercedTo: (part, modules) =>
    coercedTo(
      lazily(part('from'), modules),
      value => modules.call(part('convert'), value),
      lazily(part('to'), modules),
    ),
  submodule: part =>
    submodule({}, expectList(part('modules')), {
      specialArgs: expectAttrs(part('specialArgs')),
      // null: of a set of options that stands in a submodule.
      shorthand: force(part('shorthandOnlyDefinesConfig')) === true,
    }),
};

/** `native.type name parts`: `check` and `merge` of a type, for lib/types. */
export function nativeType(modules: Modules): Primop {
  return primop('type', 2, (name, parts) => {
    const given = Thunk.of(() => force(parts));
    const part = (key: string): Lazy => Thunk.of(() => force(expectAttrs(given).get(key)!));
    return Attrs.from({ ...functionsOf(MAKERS[expectString(name)]!(part, modules), modules) });
  });
}

/** Of `_class`: modules of another class may not be imported. */
export function className(lazy: Lazy | undefined): string | undefined {
  return lazy === undefined || force(lazy) === null ? undefined : expectString(lazy);
}

function optionalBool(lazy: Lazy): boolean | undefined {
  return force(lazy) === null ? undefined : expectBool(lazy);
}

/** A type may contain itself, so what is in it is read when it is needed. */
function lazily(lazy: Lazy, modules: Pick<Modules, 'call'>): OptionType {
  let made: OptionType | undefined;
  let describing = false;
  const type = (): OptionType => (made ??= readType(lazy, modules));
  return {
    get description() {
      if (describing) return 'a value';
      describing = true;
      try {
        return type().description;
      } finally {
        describing = false;
      }
    },
    get empty() {
      return type().empty;
    },
    check: value => type().check(value),
    merge: (...args) => type().merge(...args),
  };
}
