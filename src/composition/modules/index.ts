/**
 * Option merging as the NixOS module system does it: modules with imports, declared and user-declared options,
 * `config` as a fixpoint, marks (mkIf, mkMerge, mkForce …). Knows no option by itself; options/ has those of `local`.
 */
import { AttrSet } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs } from '../../nix/expect.js';
import { force, type Lazy, Thunk, type Value } from '../../nix/value.js';
import { nearest } from '../../suggest.js';
import { collectModules } from './collect.js';
import { attrsOf } from './composite-types.js';
import { configuration, undeclared } from './configuration.js';
import { withDeclarations } from './declarations.js';
import { type Definition, type Place, showPlace } from './definition.js';
import { readType } from './nix-types.js';
import { Option, type Options } from './option.js';
import { bool, raw } from './scalar-types.js';
import type { Stray } from './stray.js';
import type { Modules, Settled } from './type.js';

/** What the evaluation of modules needs from outside. */
export interface Host {
  call(fn: Lazy, ...args: Lazy[]): Value;
  attempt: Modules['attempt'];
  import(path: string): Value;
  /** Arguments of every module: pkgs, lib, … (config and options are added). */
  args: ReadonlyMap<string, Lazy>;
  /** Decides on what is not declared; throws, or lets it pass. */
  undeclared(stray: Stray): void;
}

/** The merged configuration. Options are computed when read; `check` has those that are not declared judged. */
export interface Merged {
  config: AttrSet;
  check(): void;
}

/** Options that every set of modules has. */
const OWN: Options = {
  _module: { args: new Option(attrsOf(raw)), check: new Option(bool, { default: true }) },
};

export function evaluateModules(roots: readonly Lazy[], options: Options, host: Host): Merged {
  return evaluate({ place: [], roots, definitions: [], options: { ...OWN, ...options } }, host);
}

interface Request {
  place: Place;
  roots: readonly Lazy[];
  /** Plain configuration beside the modules. */
  definitions: readonly Definition[];
  options: Options;
}

function evaluate(request: Request, host: Host): Merged {
  const { place } = request;
  const modules: Modules = {
    call: host.call,
    attempt: host.attempt,
    submodule: (inner, options, submodules, definitions) =>
      evaluateSubmodule(inner, options, submodules, definitions, host),
  };
  // Modules are given `config` before it exists, so it has to be a thunk; what it needs is collected once.
  const config: Thunk = Thunk.of(() => {
    const { options, definitions, freeform } = collected();
    return configuration(place, options, definitions, modules, freeform);
  });
  const args = new Map<string, Lazy>([...host.args, ['config', config], ['options', Thunk.of(noOptions)]]);
  const collected = once(() => {
    const found = collectModules(request.roots, {
      ...host,
      args,
      extraArg: name => extraArgument(name, config, args),
    });
    return {
      definitions: [...found.definitions, ...request.definitions],
      complete: found.complete,
      options: withDeclarations(request.options, found.declarations, modules),
      freeform: found.freeform === undefined ? undefined : readType(found.freeform, modules),
    };
  });
  return {
    config: force(config) as AttrSet,
    check: () => {
      const { options, definitions, freeform, complete } = collected();
      if (freeform) return;
      for (const stray of undeclared(place, options, definitions, modules)) {
        host.attempt(() => host.undeclared({ ...stray, complete }), undefined);
      }
    },
  };
}

function evaluateSubmodule(
  place: Place,
  options: Options,
  modules: readonly Lazy[],
  definitions: readonly Settled[],
  host: Host,
): AttrSet {
  const args = new Map<string, Lazy>([...host.args, ['name', place.at(-1) ?? '']]);
  const roots = [
    ...modules,
    ...definitions.filter(({ value }) => !isPlainSet(value)).map(({ value }) => value),
  ];
  // As NixOS has it: in a submodule the order of the modules is the other way round than outside.
  const plain = definitions.filter(({ value }) => isPlainSet(value)).reverse();
  const { config, check } = evaluate(
    { place, roots, definitions: plain, options: { ...OWN, ...options } },
    { ...host, args },
  );
  check();
  return config;
}

/** A plain set in a submodule is configuration, even if it has a name like `imports` in it. */
function isPlainSet(value: Value): boolean {
  return value instanceof AttrSet && !value.has('__functor');
}

/** An argument that no caller gives: `_module.args` may have it. */
function extraArgument(name: string, config: Thunk, args: ReadonlyMap<string, Lazy>): Lazy {
  // What modules import cannot depend on what modules say.
  if (config.running) unknownArgument(name, [...args.keys()]);
  const own = expectAttrs(expectAttrs(config).get('_module')!);
  const extra = expectAttrs(own.get('args')!);
  return extra.get(name) ?? unknownArgument(name, [...args.keys(), ...extra.names()]);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function unknownArgument(name: string, known: readonly string[]): never {
  throw new NixError('evaluation', {
    asked: `no argument "${name}" is given to modules`,
    nearest: nearest(name, known),
    found: `arguments are ${known.join(', ')}`,
    todo: `what a flake adds (its inputs, its own arguments) is there for flavours that Nix builds, such as -f docker; for local set _module.args.${name}`,
  });
}

function noOptions(): never {
  throw new NixError('evaluation', {
    asked: 'the argument `options` of a module is not there without NixOS',
    todo: `read values with config, for example config.${showPlace(['networking', 'hostName'])}`,
  });
}
