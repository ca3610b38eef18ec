/**
 * Option merging as the NixOS module system does it: modules with imports, declared and user-declared options,
 * `config` as a fixpoint, marks (mkIf, mkMerge, mkForce …). Knows no option by itself; options/ has those of `local`.
 */
import { AttrSet, Attrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs } from '../../nix/expect.js';
import { force, type Lazy, Thunk, type Value } from '../../nix/value.js';
import { nearest } from '../../suggest.js';
import { type Collected, collectModules, type Root } from './collect.js';
import { lazyAttrsOf, nullOr } from './composite-types.js';
import { configuration, undeclared } from './configuration.js';
import { withDeclarations } from './declarations.js';
import type { Place } from './definition.js';
import { Level } from './level.js';
import { readType, typeOfOptions } from './nix-types.js';
import { once } from './once.js';
import { Option, type Options } from './option.js';
import { optionTree } from './option-tree.js';
import type { OptionValue } from './option-value.js';
import { bool, raw } from './scalar-types.js';
import type { Stray } from './stray.js';
import type { Modules, Settled, Submodule } from './type.js';

/** What the evaluation of modules needs from outside. */
export interface Host {
  call(fn: Lazy, ...args: Lazy[]): Value;
  attempt: Modules['attempt'];
  import(path: string): Value;
  /** Arguments of every module: pkgs, lib, … (config and options are added). */
  args: ReadonlyMap<string, Lazy>;
  /** Those of modules in submodules, where they are not the same. */
  submoduleArgs?: ReadonlyMap<string, Lazy>;
  /** Whether definitions of options that nobody declares have values. */
  open: boolean;
  /** Decides on what is not declared; throws, or lets it pass. */
  undeclared(stray: Stray): void;
}

/** The merged configuration. Options are computed when read; `check` has those that are not declared judged. */
export interface Merged {
  config: AttrSet;
  options: AttrSet;
  /** False when a module could not be read. */
  readonly complete: boolean;
  check(): void;
}

const INTERNAL = { declaration: Attrs.from({ internal: true }) };

/** Options that every set of modules has. Only the outermost arguments are shown in manuals. */
const OWN: Options = {
  check: new Option(bool, { ...INTERNAL, default: true }),
  freeformType: new Option(nullOr(typeOfOptions), { ...INTERNAL, default: null }),
  specialArgs: new Option(raw, INTERNAL),
};
const OUTSIDE: Options = { _module: { ...OWN, args: new Option(lazyAttrsOf(raw)) } };
const INSIDE: Options = { _module: { ...OWN, args: new Option(lazyAttrsOf(raw), INTERNAL) } };

export function evaluateModules(roots: readonly Lazy[], options: Options, host: Host): Merged {
  return evaluate({ place: [], roots: roots.map(lazy => ({ lazy })), options }, host);
}

export interface Request {
  place: Place;
  roots: readonly Root[];
  options: Options;
  /** The `_class` that the modules may have. */
  class?: string;
}

export function evaluate(request: Request, host: Host): Merged {
  const { place } = request;
  const modules = modulesOf(host);
  const args: Map<string, Lazy> = new Map<string, Lazy>([
    ...host.args,
    ['config', Thunk.of(() => config())],
    ['options', Thunk.of(() => optionTree(level()))],
  ]);
  let collecting = true;
  const extraArg = (name: string): Lazy => {
    // What modules import cannot depend on what modules say.
    if (collecting) unknownArgument(name, [...args.keys()]);
    return extraArgument(name, config(), args);
  };
  const collected = once((): Collected => {
    const { roots, class: wanted } = request;
    const found = collectModules(roots, { ...host, args, class: wanted, extraArg });
    collecting = false;
    return found;
  });
  const level = once((): Level => {
    const options = withDeclarations(
      { ...(place.length > 0 ? INSIDE : OUTSIDE), ...request.options },
      collected().declarations,
      modules,
    );
    return new Level(place, options, collected().definitions, modules);
  });
  const own = (name: string): Lazy => ownOf(level(), name);
  const freeform = once(() => {
    const type = force(own('freeformType'));
    return type === null ? undefined : readType(type, modules);
  });
  const config = once((): AttrSet => configuration(level(), { freeform, allowed: host.open }));
  return {
    // Modules are given it before it exists, and what it needs is collected once.
    config: config(),
    get options() {
      return optionTree(level());
    },
    get complete() {
      return collected().complete;
    },
    check: () => {
      // What is wrong with a declaration is a problem even if nobody uses the option; lib.evalModules has it as nixpkgs.
      if (host.open) level().visit();
      if (freeform() || force(own('check')) === false) return;
      for (const stray of undeclared(level())) {
        host.attempt(() => host.undeclared({ ...stray, complete: collected().complete }), undefined);
      }
    },
  };
}

/** What types are given of an evaluation. */
export function modulesOf(host: Host): Modules {
  return {
    call: host.call,
    attempt: host.attempt,
    unspecified: () => unspecifiedOf(host),
    submodule: (place, inner, definitions) => evaluateSubmodule(place, inner, definitions, host),
  };
}

function ownOf(level: Level, name: string): Lazy {
  const own = (level.declared('_module') as Level).declared(name) as OptionValue;
  return own.value;
}

function evaluateSubmodule(
  place: Place,
  { options, modules, specialArgs = Attrs.from({}), shorthand, class: wanted }: Submodule,
  definitions: readonly Settled[],
  host: Host,
): AttrSet {
  const outer = host.submoduleArgs ?? host.args;
  const args = new Map<string, Lazy>([...outer, ['name', place.at(-1) ?? ''], ...specialArgs]);
  const plain = definitions.filter(({ value }) => shorthand && isPlainSet(value));
  const others = definitions.filter(one => !plain.includes(one));
  // In this order, because NixOS imports the modules and definitions that are modules from ones beside the plain sets.
  const roots: Root[] = [
    ...plain.map(one => ({ lazy: one.value, site: one.position, plain: one })),
    ...modules.map(lazy => ({ lazy })),
    ...others.map(one => ({ lazy: one.value, site: one.position, file: one.file })),
  ];
  const { config, check } = evaluate({ place, roots, options, class: wanted }, { ...host, args });
  check();
  return config;
}

/** A plain set is configuration, even if it has a name like `imports` in it. */
function isPlainSet(value: Value): boolean {
  return value instanceof AttrSet && !value.has('__functor');
}

function unspecifiedOf({ args }: Host): AttrSet {
  const types = expectAttrs(expectAttrs(args.get('lib')!).get('types')!);
  return expectAttrs(types.get('unspecified')!);
}

/** An argument that no caller gives: `_module.args` may have it. */
function extraArgument(name: string, config: Lazy, args: ReadonlyMap<string, Lazy>): Lazy {
  const own = expectAttrs(expectAttrs(config).get('_module')!);
  const extra = expectAttrs(own.get('args')!);
  return extra.get(name) ?? unknownArgument(name, [...args.keys(), ...extra.names()]);
}

function unknownArgument(name: string, known: readonly string[]): never {
  throw new NixError('evaluation', {
    asked: `no argument "${name}" is given to modules`,
    nearest: nearest(name, known),
    found: `arguments are ${known.join(', ')}`,
    todo: `what a flake adds (its inputs, its own arguments) is there for flavours that Nix builds, such as -f docker; for local set _module.args.${name}`,
  });
}
