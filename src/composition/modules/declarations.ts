import { AttrSet, Attrs, update } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectBool, expectList } from '../../nix/expect.js';
import type { Position } from '../../nix/source.js';
import { force, type Value } from '../../nix/value.js';
import type { Declarations } from './collect.js';
import { markOf, type Place, showPlace, UNKNOWN_FILE } from './definition.js';
import { readType } from './nix-types.js';
import { once } from './once.js';
import { Alias, type Declared, Option, type Options } from './option.js';
import type { Modules } from './type.js';

/**
 * The known options and those that modules declare with lib.mkOption. What is declared under a name is looked at when
 * somebody asks for it: a declaration may depend on other options.
 */
export function withDeclarations(
  known: Options,
  declarations: readonly Declarations[],
  modules: Modules,
  place: Place = [],
): Options {
  const all = Object.defineProperties({}, Object.getOwnPropertyDescriptors(known));
  const names = new Set(declarations.flatMap(({ set }) => set.names()));
  for (const name of names) {
    const own = declarations.filter(({ set }) => set.has(name));
    const get = once(() =>
      combined(Object.hasOwn(known, name) ? known[name] : undefined, own, [...place, name], modules),
    );
    Object.defineProperty(all, name, { enumerable: true, configurable: true, get });
  }
  return all;
}

/** What several modules declare under one name: an option, or a set of them. */
function combined(
  known: Options[string] | undefined,
  declarations: readonly Declarations[],
  place: Place,
  modules: Modules,
): Options | Option {
  const name = place.at(-1)!;
  const inner: Declarations[] = [];
  let found = known;
  if (found instanceof Alias) throw declaredTwice(place, {}, declarations[0]?.set.position(name));
  for (const { set, file } of declarations) {
    const position = set.position(name);
    const value = declarationOf(force(set.get(name)!), place, position);
    if (markOf(value) !== 'option') {
      if (found instanceof Option) throw declaredTwice(place, found, position);
      inner.push({ set: value, file });
      continue;
    }
    if (inner.length > 0 || (found && !(found instanceof Option))) throw declaredTwice(place, {}, position);
    const declared = { position, file: file ?? position?.file ?? UNKNOWN_FILE };
    found =
      found instanceof Option
        ? declareAgain(place, found, value, declared, modules)
        : declare(value, [declared], modules);
  }
  return found instanceof Option ? found : withDeclarations(found ?? {}, inner, modules, place);
}

/** An option, or a set of declarations. */
function declarationOf(value: Value, place: Place, position: Position | undefined): AttrSet {
  if (!(value instanceof AttrSet)) {
    const asked = `options.${showPlace(place)} is not declared with lib.mkOption`;
    throw new NixError('throw', { asked }, position);
  }
  if (markOf(value) !== 'option-type') return value;
  const asked = `options.${showPlace(place)} is a type without an option`;
  throw new NixError('throw', { asked, todo: 'write lib.mkOption { type = …; }' }, position);
}

function declare(declaration: AttrSet, declared: readonly Declared[], modules: Modules): Option {
  const nixType = declaration.has('type') ? expectAttrs(declaration.get('type')!) : modules.unspecified();
  return new Option(readType(nixType, modules), {
    default: declaration.get('default'),
    apply: declaration.get('apply'),
    readOnly: declaration.has('readOnly') && expectBool(declaration.get('readOnly')!),
    declared,
    declaration,
    nixType,
  });
}

/** Two modules may declare an option when their types can be put together and they do not say the same thing twice. */
function declareAgain(
  place: Place,
  before: Option,
  second: AttrSet,
  declared: Declared,
  modules: Modules,
): Option {
  const { position } = declared;
  const { declaration: first, declared: others = [] } = before.parts;
  const twice = ['default', 'example', 'description', 'apply'].some(
    key => first?.has(key) && second.has(key),
  );
  if (!first || twice) throw declaredTwice(place, before, position);
  let all = update(second, first);
  if (first.has('type') && second.has('type')) {
    const type = mergedType(expectAttrs(first.get('type')!), expectAttrs(second.get('type')!), modules);
    if (type === null) throw declaredTwice(place, before, position);
    all = update(all, Attrs.from({ type }));
  }
  return declare(all, [...others, declared], modules);
}

function mergedType(first: AttrSet, second: AttrSet, modules: Modules): AttrSet | null {
  const merged = modules.call(first.get('typeMerge')!, second.get('functor')!);
  if (merged === null) return null;
  const [a, b] = [first, second].map(type => force(type.get('getSubModules') ?? null));
  if (a === null || b === null || a === undefined || b === undefined) return expectAttrs(merged);
  // As NixOS has it: the modules of later declarations come first.
  const submodules = [...expectList(b), ...expectList(a)];
  return expectAttrs(modules.call(expectAttrs(merged).get('substSubModules')!, submodules));
}

function declaredTwice(place: Place, before: Options | Option, position: Position | undefined): NixError {
  const other = before instanceof Option ? before.parts.declared?.[0] : undefined;
  return new NixError(
    'throw',
    {
      asked: `the option ${showPlace(place)} is declared twice`,
      found: other
        ? `the other one is at ${other.position ?? other.file}`
        : 'it is an option of NixOS, or holds some',
    },
    position,
  );
}
