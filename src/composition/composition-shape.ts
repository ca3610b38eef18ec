/** What a composition may be written as: upstream's form, and those of the tests of NixOS. */
import { type AttrSet, type Evaluator, expectAttrs, expectList, NixError } from '../nix/index.js';
import type { Lazy } from '../nix/value.js';
import { nearest } from '../suggest.js';
import { atPosition } from './options/at-position.js';
import { checkRoleName } from './role-name.js';

/** It is about docker and nspawn. */
const FOR_OTHERS = ['extraVolumes', 'dockerPorts', 'nspawnPorts', 'virtualisation'];

/** What the tests of NixOS say of their own building and checking, and of driving them by hand. */
const OF_TESTS = [
  ...[
    'meta',
    'interactive',
    'enableOCR',
    'skipLint',
    'skipTypeCheck',
    'extraPythonPackages',
    'globalTimeout',
  ],
  ...[
    'passthru',
    'driver',
    'driverInteractive',
    'enableDebugHook',
    'sshBackdoor',
    'debug',
    'extraDriverArgs',
  ],
  ...['hostPkgs', 'qemu', 'node', 'extraBaseModules', 'includeTestScriptReferences', 'logLevel'],
  ...['rawTestDerivationArg', 'result', 'test', 'testBuildFailure', 'options', '_file', 'key'],
];

/** Where roles stand. */
const ROLES = ['roles', 'nodes', 'containers', 'machine'];

const KNOWN = [...ROLES, 'rolesDistribution', 'testScript', 'name', 'defaults', 'imports', ...FOR_OTHERS];

/** Names that only a composition has, and no composition. */
export const TELLING = ['rolesDistribution', 'testScript', ...FOR_OTHERS];

/** Whether a set is a composition, and not a set of several. */
export function isComposition(set: AttrSet): boolean {
  const runsTest = set.has('testScript');
  return set.has('roles') || set.has('nodes') || (runsTest && (set.has('machine') || set.has('containers')));
}

/** Options of other flavours that it sets. */
export const ofOthers = (set: AttrSet): string[] => FOR_OTHERS.filter(option => set.has(option));

/** Names that mean nothing in a composition, as errors. */
export function strays(set: AttrSet): NixError[] {
  return set
    .names()
    .filter(name => !KNOWN.includes(name) && !OF_TESTS.includes(name))
    .map(
      name =>
        new NixError(
          'evaluation',
          {
            asked: `a composition has no "${name}"`,
            nearest: nearest(name, KNOWN),
            found: `it may have ${KNOWN.join(', ')}, and what tests of NixOS have`,
          },
          set.position(name),
        ),
    );
}

/** The modules of each role, of a composition in several parts: its own, and `defaults`, which every role has. */
export function rolesOf(
  parts: readonly AttrSet[],
  evaluator: Evaluator,
  problem: (error: unknown) => void,
): ReadonlyMap<string, readonly Lazy[]> {
  const roles = new Map<string, Lazy[]>();
  const add = (role: string, module: Lazy) => roles.set(role, [...(roles.get(role) ?? []), module]);
  for (const part of parts) {
    // Upstream reads `nodes` only where there are no roles.
    const groups = part.has('roles') ? ['roles'] : ['nodes', 'containers'].filter(name => part.has(name));
    for (const group of groups) {
      const set = expectAttrs(evaluator.force(part.get(group)!), part.position(group));
      for (const [role, module] of set) {
        try {
          atPosition(set.position(role), () => checkRoleName(role));
        } catch (error) {
          problem(error);
        }
        add(role, module);
      }
    }
    if (groups.length === 0 && part.has('machine')) add('machine', part.get('machine')!);
  }
  const defaults = parts.flatMap(part => (part.has('defaults') ? [part.get('defaults')!] : []));
  return new Map([...roles].map(([role, modules]) => [role, [...modules, ...defaults]]));
}

/** What a test imports, unread. */
export function importsOf(set: AttrSet, evaluator: Evaluator): readonly Lazy[] {
  return set.has('imports') ? expectList(evaluator.force(set.get('imports')!), set.position('imports')) : [];
}
