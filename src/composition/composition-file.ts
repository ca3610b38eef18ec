import { readFileSync } from 'node:fs';
import { describe as describeValue } from '../nix/describe.js';
import {
  AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  expectInt,
  expectList,
  expectString,
  NixError,
  NixString,
  type Position,
} from '../nix/index.js';
import { Lambda, type Lazy, Primop, type Value } from '../nix/value.js';
import { nearest } from '../suggest.js';
import { toDistribution } from './distribution.js';
import { CompositionError } from './errors.js';
import { compositionName } from './project.js';
import type { RolesDistribution } from './types.js';

/** A composition as its file says it, roles not yet looked into. */
export interface Composition {
  name: string;
  roles: ReadonlyMap<string, Lazy>;
  distribution?: RolesDistribution;
  testScript?: { value: Lazy; position: Position | undefined };
  /** Options of other flavours that it sets. */
  ignored: readonly string[];
}

/** What compositions may say besides roles, rolesDistribution and testScript; it is about docker and nspawn. */
const FOR_OTHERS = ['extraVolumes', 'dockerPorts', 'nspawnPorts', 'virtualisation'];
const KNOWN = ['roles', 'nodes', 'rolesDistribution', 'testScript', 'name', ...FOR_OTHERS];

const SHAPE =
  'a composition is a function { pkgs, ... }: { roles = { foo = { pkgs, ... }: { }; }; testScript = …; }';

/** Evaluates a composition file: one composition, or a set of them of which `wanted` names one. */
export function openComposition(
  file: string,
  wanted: string | undefined,
  evaluator: Evaluator,
  args: AttrSet,
): Composition {
  readable(file);
  const top = applied(file, evaluator.import(file), evaluator, args);
  if (isComposition(top)) return describe(compositionName(file), top, evaluator);
  const names = top.names();
  if (names.length === 0) throw noRoles(file);
  // What has a testScript is one composition, and no set of them.
  if (names.some(name => name !== 'name' && KNOWN.includes(name))) throw noRoles(file, nearRoles(names));
  const name = wanted ?? (names.length === 1 ? names[0]! : undefined);
  if (name === undefined || !top.has(name)) {
    throw new CompositionError({
      asked:
        name === undefined ? `${file} holds several compositions` : `${file} has no composition "${name}"`,
      nearest: name === undefined ? [] : nearest(name, names),
      found: names.join(', '),
      todo: `choose one: nxc build -C ${names[0]}::local`,
    });
  }
  const value = evaluator.force(top.get(name)!);
  const made = isPath(value) ? evaluator.import(String(value)) : value;
  const chosen = applied(`${file}, composition ${name},`, made, evaluator, args);
  if (!isComposition(chosen)) throw noRoles(`${file}, composition ${name},`, nearRoles([name]));
  return describe(name, chosen, evaluator);
}

/** Names of the compositions that a file holds. */
export function compositionNames(file: string, evaluator: Evaluator, args: AttrSet): string[] {
  readable(file);
  const top = applied(file, evaluator.import(file), evaluator, args);
  return isComposition(top) ? [compositionName(file)] : [...top.names()];
}

function describe(name: string, set: AttrSet, evaluator: Evaluator): Composition {
  const stray = set.names().find(key => !KNOWN.includes(key));
  if (stray !== undefined) {
    throw new NixError(
      'evaluation',
      {
        asked: `a composition has no "${stray}"`,
        nearest: nearest(stray, KNOWN),
        found: `it may have ${KNOWN.join(', ')}`,
      },
      set.position(stray),
    );
  }
  const key = set.has('roles') ? 'roles' : 'nodes';
  const roles = expectAttrs(evaluator.force(set.get(key)!), set.position(key));
  if (roles.names().length === 0)
    throw new NixError('evaluation', 'the composition has no role', set.position(key));
  return {
    name,
    roles: new Map(roles),
    ...(set.has('rolesDistribution') && { distribution: distributionOf(set, evaluator) }),
    ...(set.has('testScript') && {
      testScript: { value: set.get('testScript')!, position: set.position('testScript') },
    }),
    ignored: FOR_OTHERS.filter(option => set.has(option)),
  };
}

function distributionOf(set: AttrSet, evaluator: Evaluator): RolesDistribution {
  const value = expectAttrs(
    evaluator.force(set.get('rolesDistribution')!),
    set.position('rolesDistribution'),
  );
  const plain = [...value].map(([role, lazy]) => {
    const amount = evaluator.force(lazy);
    if (Array.isArray(amount))
      return [role, expectList(amount).map(name => expectString(name, value.position(role)))];
    return [role, Number(expectInt(amount, value.position(role)))];
  });
  return toDistribution(Object.fromEntries(plain), 'rolesDistribution');
}

/** testScript is text, or a function that is given what there is to know about the nodes. */
export function testScriptOf(
  composition: Composition,
  evaluator: Evaluator,
  configs: AttrSet,
): string | undefined {
  if (composition.testScript === undefined) return undefined;
  const { value, position } = composition.testScript;
  const script = evaluator.force(value);
  const made = isCallable(script) ? evaluator.call(script, Attrs.from({ nodes: configs })) : script;
  if (isTextual(made)) return evaluator.toText(made);
  const found = `${made === script ? '' : 'a function that gives '}${describeValue(made)}`;
  throw new NixError('type', { asked: 'testScript is no text of Python', found }, position);
}

function applied(what: string, value: Value, evaluator: Evaluator, args: AttrSet): AttrSet {
  const made = isCallable(value) ? evaluator.call(value, forFormals(value, args)) : value;
  if (made instanceof AttrSet) return made;
  const found = `${isCallable(value) ? 'a function that gives ' : ''}${describeValue(made)}`;
  throw new CompositionError({ asked: `${what} is not a composition`, found, todo: SHAPE });
}

/** A function that lists its arguments without `...` gets only those. */
function forFormals(value: Value, args: AttrSet): AttrSet {
  if (!(value instanceof Lambda) || !value.formals) return args;
  for (const [name, optional] of value.formals) {
    if (!optional && !args.has(name)) throw notGiven(name, args, value.code.position);
  }
  if (value.open) return args;
  return Attrs.from(
    [...value.formals.keys()].filter(name => args.has(name)).map(name => [name, args.get(name)!] as const),
  );
}

function notGiven(name: string, args: AttrSet, position: Position): NixError {
  return new NixError(
    'evaluation',
    {
      asked: `the flavour local gives compositions no argument "${name}"`,
      nearest: nearest(name, args.names()),
      found: `it gives ${args.names().join(', ')}`,
      todo: `what a flake adds (its inputs, its own arguments) is there for flavours that Nix builds, such as -f docker; for local give it a default: { ${name} ? null, ... }:`,
    },
    position,
  );
}

function isComposition(set: AttrSet): boolean {
  return set.has('roles') || set.has('nodes');
}

function isTextual(value: Value): boolean {
  return typeof value === 'string' || value instanceof NixString || value instanceof AttrSet || isPath(value);
}

function isCallable(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Primop || (value instanceof Attrs && value.has('__functor'))
  );
}

function isPath(value: Value): boolean {
  return typeof value === 'object' && value !== null && 'path' in value;
}

const nearRoles = (names: readonly string[]): string[] =>
  names.some(name => nearest(name, ['roles']).length > 0) ? ['roles'] : [];

function noRoles(what: string, near: readonly string[] = []): CompositionError {
  return new CompositionError({
    asked: `${what} has no roles`,
    nearest: near,
    todo: SHAPE,
  });
}

function readable(file: string): void {
  try {
    readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CompositionError({
      asked: missing ? `there is no composition file ${file}` : `cannot read ${file}`,
      found: missing ? undefined : (error as Error).message,
      todo: 'name it in nxc.json ("composition"), or make a project with nxc init',
      cause: error,
    });
  }
}
