/**
 * `pkgs` without nixpkgs: any name is a package that this machine may have, looked for when it is used. What Nix code
 * makes of text (scripts, configuration files) becomes real files in the build's farm.
 */
import {
  type AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  type Lazy,
  primop,
  type Value,
  VirtualAttrs,
} from '../../nix/index.js';
import { force, Lambda } from '../../nix/value.js';
import { needsNix, nixSystem } from './derivation.js';
import type { Farm } from './farm.js';
import { formats } from './formats.js';
import { hostPackage } from './host-packages.js';
import type { HostPrograms } from './host-programs.js';
import { interpreterWriters } from './interpreters.js';
import { knownPackages } from './programs.js';
import { pythonModules, pythonPackage } from './python.js';
import { writers } from './writers.js';

/** Sets of packages inside pkgs, whose members are programs too. */
const SCOPES =
  /^(nodePackages(_latest)?|linuxPackages(_.*)?|xorg|perlPackages|rubyPackages|gnome|kdePackages|pkgsStatic|unixtools|llvmPackages.*)$/;

/** Functions that only make sense with a builder; the message says what to do instead. */
const BUILDERS: Readonly<Record<string, string>> = Object.fromEntries([
  ...[
    'runCommand',
    'runCommandLocal',
    'runCommandCC',
    'mkShell',
    'mkDerivation',
    'buildGoModule',
    'buildNpmPackage',
  ].map(name => [
    name,
    'write the files with pkgs.writeText or as files of the project, or build with -f docker',
  ]),
  ...[
    'fetchurl',
    'fetchzip',
    'fetchgit',
    'fetchFromGitHub',
    'fetchFromGitLab',
    'fetchTarball',
    'fetchpatch',
  ].map(name => [name, 'put the files into the project and refer to them by path, or build with -f docker']),
]) as Record<string, string>;

interface Request {
  evaluator: Evaluator;
  farm: Farm;
  programs: HostPrograms;
  lib: AttrSet;
}

export function makePackages({ evaluator, farm, programs, lib }: Request): AttrSet {
  const call = (fn: Lazy, ...args: Lazy[]): Value => evaluator.call(fn, ...args);
  const text = (value: Lazy): string => evaluator.toText(value);
  const json = (value: Lazy): unknown => evaluator.toJson(value);
  const fixed: Record<string, Lazy> = {
    ...writers({ farm, programs, text }),
    ...platform(),
    lib,
    formats: formats({ farm, lib, call, text, json }),
    writers: interpreterWriters({ farm, programs, text }),
    nur: makeNur(farm, programs),
    config: Attrs.from({}),
    callPackage: primop('callPackage', 2, (fn, overrides) => callPackage(fn, overrides)),
    stdenv: stdenv(),
    stdenvNoCC: stdenv(),
  };
  const scope = (): AttrSet =>
    new VirtualAttrs({ names: () => [], has: () => true, get: name => hostPackage(name, farm, programs) });

  function callPackage(fn: Lazy, overrides: Lazy): Value {
    const called = force(fn);
    const target = called instanceof Lambda || called instanceof Attrs ? called : evaluator.import(text(fn));
    const given = expectAttrs(overrides);
    const formals = target instanceof Lambda ? [...(target.formals ?? [])] : [];
    const found = formals
      .filter(([name, optional]) => given.has(name) || !optional)
      .map(([name]) => [name, given.get(name) ?? packages.get(name)!] as const);
    return call(target, Attrs.from(found));
  }

  function make(name: string): Lazy {
    if (Object.hasOwn(fixed, name)) return fixed[name]!;
    if (name === 'pkgs') return packages;
    if (/^python3\d*Packages$/.test(name)) return pythonModules(farm, programs);
    if (/^python3?(Full|\d+)?$/.test(name)) return pythonPackage(name, farm, programs, call);
    if (SCOPES.test(name)) return scope();
    const hint = BUILDERS[name];
    if (hint !== undefined) {
      return primop(name, 1, () => {
        throw needsNix(name, hint);
      });
    }
    return hostPackage(name, farm, programs);
  }

  const packages: AttrSet = new VirtualAttrs({
    names: () => [...Object.keys(fixed), ...knownPackages],
    has: () => true,
    get: make,
  });
  return packages;
}

/** The argument `nur` of compositions: `nur.repos.<anyone>.<package>`. */
export function makeNur(farm: Farm, programs: HostPrograms): AttrSet {
  const any = (get: (name: string) => Lazy): AttrSet =>
    new VirtualAttrs({ names: () => [], has: () => true, get });
  return Attrs.from({ repos: any(() => any(name => hostPackage(name, farm, programs))) });
}

function platform(): Record<string, Lazy> {
  const system = nixSystem();
  const hostPlatform = Attrs.from({
    system,
    config: `${system.split('-')[0]}-unknown-linux-gnu`,
    isLinux: process.platform === 'linux',
    isDarwin: process.platform === 'darwin',
    isx86_64: process.arch === 'x64',
    isAarch64: process.arch === 'arm64',
    is64bit: true,
  });
  return { system, hostPlatform, buildPlatform: hostPlatform, targetPlatform: hostPlatform };
}

function stdenv(): AttrSet {
  const { system, hostPlatform } = platform();
  const mkDerivation = primop('mkDerivation', 1, () => {
    throw needsNix('stdenv.mkDerivation', BUILDERS.mkDerivation!);
  });
  const isLinux = process.platform === 'linux';
  return Attrs.from({
    system: system!,
    hostPlatform: hostPlatform!,
    isLinux,
    isDarwin: !isLinux,
    mkDerivation,
  });
}
