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
  NixPath,
  primop,
  type Value,
  VirtualAttrs,
} from '../../nix/index.js';
import { force, Lambda } from '../../nix/value.js';
import { NIXPKGS } from '../nixpkgs/elsewhere.js';
import { builderNeeded, needsBuilder, SCOPES } from './builders.js';
import { nixSystem } from './derivation.js';
import type { Farm } from './farm.js';
import { formats } from './formats.js';
import { hostPackage } from './host-packages.js';
import type { HostPrograms } from './host-programs.js';
import { interpreterWriters } from './interpreters.js';
import { makeNur } from './nur.js';
import { knownPackages } from './programs.js';
import { pythonModules, pythonPackage } from './python.js';
import { writers } from './writers.js';

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
    path: NIXPKGS,
    formats: formats({ farm, lib, call, text, json }),
    writers: interpreterWriters({ farm, programs, text }),
    nur: makeNur(farm, programs),
    config: Attrs.from({}),
    callPackage: primop('callPackage', 2, (fn, overrides) => callPackage(fn, overrides)),
    stdenv: stdenv(),
    stdenvNoCC: stdenv(),
    ...testers(),
    recurseIntoAttrs: primop('recurseIntoAttrs', 1, set => set),
    dontRecurseIntoAttrs: primop('dontRecurseIntoAttrs', 1, set => set),
  };
  const scope = (set: string): AttrSet =>
    new VirtualAttrs({
      names: () => [],
      has: () => true,
      get: name => hostPackage(name, farm, programs, { set }),
    });

  function callPackage(fn: Lazy, overrides: Lazy): Value {
    const called = force(fn);
    const target =
      called instanceof Lambda || called instanceof Attrs
        ? called
        : evaluator.import(called instanceof NixPath ? called.path : text(called));
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
    if (SCOPES.test(name)) return scope(name);
    if (needsBuilder(name)) return primop(name, 1, () => builderNeeded(name));
    return hostPackage(name, farm, programs);
  }

  const packages: AttrSet = new VirtualAttrs({
    names: () => [...Object.keys(fixed), ...knownPackages],
    has: () => true,
    get: make,
  });
  return packages;
}

/** What makes a test of NixOS; here the test is what is made. */
function testers(): Record<string, Lazy> {
  const test = primop('nixosTest', 1, argument => argument);
  return { nixosTest: test, testers: Attrs.from({ nixosTest: test, runNixOSTest: test }) };
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
  const mkDerivation = primop('mkDerivation', 1, () => builderNeeded('stdenv.mkDerivation'));
  const isLinux = process.platform === 'linux';
  return Attrs.from({
    system: system!,
    hostPlatform: hostPlatform!,
    isLinux,
    isDarwin: !isLinux,
    mkDerivation,
  });
}
