import { accessSync, constants } from 'node:fs';
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
import { checkedName } from './checked-name.js';
import { importsOf, isComposition, ofOthers, rolesOf, strays, TELLING } from './composition-shape.js';
import { checkRoles, toDistribution } from './distribution.js';
import { CompositionError } from './errors.js';
import { checkHostName } from './host-name.js';
import { atPosition } from './options/at-position.js';
import { compositionName } from './project.js';
import type { RolesDistribution } from './types.js';

/** A composition as its file says it, roles not yet looked into. */
export interface Composition {
  name: string;
  /** Role → its modules. */
  roles: ReadonlyMap<string, readonly Lazy[]>;
  distribution?: RolesDistribution;
  testScript?: { value: Lazy; position: Position | undefined };
  /** Options of other flavours that it sets. */
  ignored: readonly string[];
}

const SHAPE =
  'a composition is a function { pkgs, ... }: { roles = { foo = { pkgs, ... }: { }; }; testScript = …; }';

/** Evaluates a composition file: one composition, or a set of them of which `wanted` names one. */
export function openComposition(
  file: string,
  wanted: string | undefined,
  evaluator: Evaluator,
  args: AttrSet,
  problem: (error: unknown) => void,
): Composition {
  readable(file);
  const top = applied(file, evaluator.import(file), evaluator, args);
  const read = (title: string, set: AttrSet): Composition => {
    const parts = [set, ...importsOf(set, evaluator).map(lazy => partOf(lazy, evaluator, args))];
    for (const error of parts.flatMap(strays)) problem(error);
    return describe(title, parts, evaluator, problem);
  };
  if (isComposition(top)) return read(checkedName('composition', compositionName(file), undefined), top);
  const names = top.names();
  if (names.length === 0) throw noRoles(file);
  // What has a testScript is one composition, and no set of them.
  if (names.some(name => TELLING.includes(name))) throw noRoles(file, nearRoles(names));
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
  checkedName('composition', name, top.position(name));
  const made = fileOrValue(top.get(name)!, evaluator);
  const chosen = applied(`${file}, composition ${name},`, made, evaluator, args);
  if (!isComposition(chosen)) throw noRoles(`${file}, composition ${name},`, nearRoles([name]));
  return read(name, chosen);
}

/** Names of the compositions that a file holds. */
export function compositionNames(file: string, evaluator: Evaluator, args: AttrSet): string[] {
  readable(file);
  const top = applied(file, evaluator.import(file), evaluator, args);
  return isComposition(top) ? [compositionName(file)] : [...top.names()];
}

function describe(
  name: string,
  parts: readonly AttrSet[],
  evaluator: Evaluator,
  problem: (error: unknown) => void,
): Composition {
  const roles = rolesOf(parts, evaluator, problem);
  const having = (key: string): AttrSet | undefined => parts.find(part => part.has(key));
  const set = parts.find(isComposition) ?? parts[0]!;
  if (roles.size === 0) {
    const key = ['roles', 'nodes', 'containers'].find(group => set.has(group)) ?? 'roles';
    throw new NixError('evaluation', 'the composition has no role', set.position(key));
  }
  const test = having('testScript');
  const distributed = having('rolesDistribution');
  return {
    name,
    roles,
    ...(distributed && { distribution: distributionOf(distributed, [...roles.keys()], evaluator, problem) }),
    ...(test && {
      testScript: { value: test.get('testScript')!, position: test.position('testScript') },
    }),
    ignored: parts.flatMap(ofOthers),
  };
}

/** A file that a test imports, or what stands there itself. */
function partOf(lazy: Lazy, evaluator: Evaluator, args: AttrSet): AttrSet {
  return applied('what the test imports', fileOrValue(lazy, evaluator), evaluator, args);
}

function fileOrValue(lazy: Lazy, evaluator: Evaluator): Value {
  const value = evaluator.force(lazy);
  return isPath(value) ? evaluator.import(String(value)) : value;
}

/** A role whose number or names are wrong is a problem, and counts as not mentioned. */
function distributionOf(
  set: AttrSet,
  roles: readonly string[],
  evaluator: Evaluator,
  problem: (error: unknown) => void,
): RolesDistribution {
  const value = expectAttrs(
    evaluator.force(set.get('rolesDistribution')!),
    set.position('rolesDistribution'),
  );
  const nodesOf = (role: string, lazy: Lazy): RolesDistribution => {
    const amount = evaluator.force(lazy);
    const plain = Array.isArray(amount)
      ? expectList(amount).map(name => expectString(name, value.position(role)))
      : Number(expectInt(amount, value.position(role)));
    return atPosition(value.position(role), () => {
      const distribution = toDistribution({ [role]: plain }, 'rolesDistribution');
      checkRoles(roles, distribution);
      if (Array.isArray(plain)) for (const name of plain) checkHostName({ name, role });
      return distribution;
    });
  };
  // Not by assignment, which loses a role called __proto__.
  return Object.fromEntries(
    [...value].flatMap(([role, lazy]) => {
      try {
        return Object.entries(nodesOf(role, lazy));
      } catch (error) {
        problem(error);
        return [];
      }
    }),
  );
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
  if (isTextual(made)) {
    try {
      return evaluator.toText(made);
    } catch (error) {
      if (error instanceof NixError) error.locate(position);
      throw error;
    }
  }
  const found = `${made === script ? '' : 'a function that gives '}${describeValue(made)}`;
  throw new NixError('type', { asked: 'testScript is no text of Python', found }, position);
}

function applied(what: string, value: Value, evaluator: Evaluator, args: AttrSet): AttrSet {
  let made = value;
  // Tests of NixOS are functions that give what a function makes of a function.
  for (let calls = 0; isCallable(made) && calls < 4; calls++) {
    made = evaluator.call(made, forFormals(made, args));
  }
  if (made instanceof AttrSet) return made;
  const found = `${isCallable(value) ? 'a function that gives ' : ''}${describeValue(made)}`;
  throw new CompositionError({ asked: `${what} is not a composition`, found, todo: SHAPE });
}

/** A function that lists its arguments without `...` gets only those. */
function forFormals(value: Value, args: AttrSet): AttrSet {
  if (!(value instanceof Lambda) || !value.formals) return args;
  const missing = [...value.formals].filter(([name, optional]) => !optional && !args.has(name));
  if (missing.length > 0) {
    throw notGiven(
      missing.map(([name]) => name),
      args,
      value.code.position,
    );
  }
  if (value.open) return args;
  return Attrs.from(
    [...value.formals.keys()].filter(name => args.has(name)).map(name => [name, args.get(name)!] as const),
  );
}

function notGiven(names: readonly string[], args: AttrSet, position: Position): NixError {
  const quoted = names.map(name => `"${name}"`).join(', ');
  return new NixError(
    'evaluation',
    {
      asked: `the flavour local gives compositions no ${names.length === 1 ? 'argument' : 'arguments'} ${quoted}`,
      nearest: names.flatMap(name => nearest(name, args.names())),
      found: `it gives ${args.names().join(', ')}`,
      todo:
        'what a flake adds (its inputs, its own arguments) is there for flavours that Nix builds, such as -f docker; ' +
        `for local give ${names.length === 1 ? 'it a default' : 'them defaults'}: { ${names.map(name => `${name} ? null`).join(', ')}, ... }:`,
    },
    position,
  );
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
    accessSync(file, constants.R_OK);
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
