import { type AttrSet, Attrs, Evaluator, VirtualAttrs } from '../../nix/index.js';
import type { Lazy } from '../../nix/value.js';
import { visible } from '../../visible.js';
import { compositionNames, openComposition, testScriptOf } from '../composition-file.js';
import { distributeRoles } from '../distribution.js';
import { flavourCatalogue } from '../flavour-catalogue.js';
import { loadLib } from '../lib.js';
import { evaluateModules, type Host, type Merged } from '../modules/index.js';
import { elsewhere, MODULES } from '../nixpkgs/elsewhere.js';
import { hostNameAsAddress } from '../options/address.js';
import { readChecks } from '../options/boot.js';
import { options, readRole } from '../options/index.js';
import { judge } from '../options/policy.js';
import { Reader } from '../options/reader.js';
import { nixSystem } from '../packages/derivation.js';
import { Farm } from '../packages/farm.js';
import { HostPrograms } from '../packages/host-programs.js';
import { makePackages } from '../packages/index.js';
import { makeNur } from '../packages/nur.js';
import { Problems } from '../problems/problems.js';
import { isRoleName } from '../role-name.js';
import type { RoleSpec } from '../role-spec.js';
import type { Setup } from '../setup.js';
import type { RolesDistribution } from '../types.js';

/** What the evaluation of a composition for `local` found out. Nothing is on disk yet. */
export interface Evaluated {
  composition: string;
  /** Sorted by name. */
  roles: readonly RoleSpec[];
  distribution?: RolesDistribution;
  /** Python source. */
  testScript?: string;
  warnings: readonly string[];
  farm: Farm;
  /** Absolute paths that it depends on. */
  files: ReadonlySet<string>;
}

export interface LocalRequest {
  /** Absolute path. */
  file: string;
  /** The composition wanted, of a file that holds several. */
  name?: string;
  /** Absolute path of artifact/<composition>/local/pkgs-<hash>. */
  farm: string;
  setup: Setup;
  /** Absolute paths of the folders that may be read, the project's first; undefined where everything may be. */
  roots: readonly string[] | undefined;
}

/** Names of the compositions in the file; their roles are not looked into. */
export function namesOf({ file, ...request }: LocalRequest): string[] {
  const { evaluator, args } = prepare(request);
  return compositionNames(file, evaluator, args);
}

export function evaluateForLocal({ file, name, ...request }: LocalRequest): Evaluated {
  const problems = new Problems();
  const { evaluator, args, utils, farm, traced } = prepare(request, problems);
  const { setup } = request;
  const opened = problems.attempt(
    () => openComposition(file, name, evaluator, args, problems.add),
    undefined,
  );
  const composition = opened ?? problems.fail(file);
  const ignored = new Set<string>(composition.ignored);
  const notes: string[] = [];
  const addressOf = (role: string): Lazy =>
    hostNameAsAddress(role, composition.distribution?.[role], () =>
      notes.push(
        `networking.primaryIPAddress of ${role} is its host name: addresses are chosen at the start`,
      ),
    );
  const merged = new Map<string, Merged>();
  const nodes = new VirtualAttrs({
    names: () => [...composition.roles.keys()],
    has: role => composition.roles.has(role),
    get: role => {
      const found = merged.get(role);
      return found && asNode(found.config, args.get('pkgs')!);
    },
  });
  for (const [role, modules] of composition.roles) {
    const host: Host = {
      call: (fn: Lazy, ...values: Lazy[]) => evaluator.call(fn, ...values),
      attempt: (work, instead) => problems.inRole(role, () => problems.attempt(work, instead)),
      import: (path: string) => evaluator.import(path),
      args: new Map<string, Lazy>([...args, ['nodes', nodes], ['utils', utils]]),
      open: true,
      undeclared: stray => {
        for (const error of judge(stray, option => ignored.add(option))) problems.add(error);
      },
    };
    merged.set(role, evaluateModules([...modules, addressOf(role)], options, host));
  }
  const reader = new Reader(evaluator, problems);
  const roles = [...merged].map(([role, { config, check }]) =>
    problems.inRole(role, () => {
      problems.attempt(check, undefined);
      const spec = readRole(role, config, reader, option => ignored.add(option));
      const checks = problems.attempt(() => readChecks(config, reader), []);
      notes.push(...checks.map(note => `role ${role}: ${note}`));
      return spec;
    }),
  );
  const names = roles.map(({ role }) => role);
  // Early, so that a wrong rolesDistribution is an error of the build.
  if (names.every(isRoleName))
    problems.attempt(() => distributeRoles(names, composition.distribution ?? {}), []);
  const testScript = problems.attempt(() => testScriptOf(composition, evaluator, nodes), undefined);
  problems.check(
    file,
    [...merged.values()].every(({ complete }) => complete),
  );
  return {
    composition: composition.name,
    roles,
    ...(composition.distribution && { distribution: composition.distribution }),
    ...(testScript !== undefined && { testScript }),
    warnings: [...setup.warnings, ...traced, ...notes, ...warningOf(ignored)],
    farm,
    files: evaluator.files,
  };
}

/** What is there was built for somebody, and everybody may read it. */
const STORE = '/nix/store';

interface Prepared {
  evaluator: Evaluator;
  /** What compositions are given. */
  args: AttrSet;
  /** What modules are given beside them. */
  utils: Lazy;
  farm: Farm;
  /** Lines of `builtins.trace`. */
  traced: string[];
}

function prepare(
  { farm: root, setup, roots }: Pick<LocalRequest, 'farm' | 'setup' | 'roots'>,
  problems?: Problems,
): Prepared {
  const farm = new Farm(root);
  const traced: string[] = [];
  const evaluator = new Evaluator({
    trace: line => traced.push(visible(line)),
    problem: problems?.add,
    ...(roots && { roots: [...roots, root, STORE] }),
    elsewhere,
    store: {
      addPath: (path, wanted) => (path.startsWith(`${root}/`) && !wanted ? path : farm.addCopy(path, wanted)),
      addText: (title, text) => farm.add(title, { '': { kind: 'file', text, executable: false } }),
    },
  });
  const programs = new HostPrograms();
  const { lib, helpers, utils } = loadLib(evaluator);
  const { name: flavour, description, image } = flavourCatalogue.local!;
  const pkgs = makePackages({ evaluator, farm, programs, lib });
  const args = Attrs.from({
    pkgs,
    lib,
    helpers,
    system: nixSystem(),
    modulesPath: MODULES,
    flavour: toNix({ name: flavour, description, image }),
    setup: toNix(setup.values),
    nur: makeNur(farm, programs),
    hostPkgs: pkgs,
  });
  return { evaluator, args, utils, farm, traced };
}

/** A node as other nodes and test scripts see it: its configuration, by the older name `config`, too. */
function asNode(config: AttrSet, pkgs: Lazy): AttrSet {
  const own: Record<string, Lazy> = { config, pkgs };
  return new VirtualAttrs({
    names: () => config.names(),
    has: name => config.has(name) || Object.hasOwn(own, name),
    get: name => (config.has(name) || !Object.hasOwn(own, name) ? config.get(name) : own[name]),
    position: name => config.position(name),
    missing: name => config.missing(name),
  });
}

function warningOf(ignored: ReadonlySet<string>): string[] {
  if (ignored.size === 0) return [];
  return [`no effect on the flavour local: ${[...ignored].sort().join(', ')}`];
}

/** JSON-like data as Nix values: whole numbers are integers. */
function toNix(value: unknown): Lazy {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(toNix);
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  return Attrs.from(Object.entries(value).map(([key, item]) => [key, toNix(item)] as const));
}
