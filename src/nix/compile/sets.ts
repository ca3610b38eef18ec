import { AttrSet, Attrs } from '../attrs.js';
import { NixError } from '../error.js';
import { expectString } from '../expect.js';
import { forceAt, select } from '../select.js';
import type { Position } from '../source.js';
import type { AttributeName, Bindings, Expression, Select, SetNode } from '../syntax/tree.js';
import { type Code, type Lazy, Thunk } from '../value.js';
import type { Compiler } from './code.js';
import { Env, Scope } from './scope.js';

type NameCode = (env: Env) => string | null;

export function compileSet(compiler: Compiler, node: SetNode, scope: Scope): Code {
  const { named, dynamic } = node.bindings;
  const names = [...named.keys()];
  const positions = new Map([...named].map(([name, { position }]) => [name, position]));
  const scopeInside = node.recursive ? scopeOf(names, scope) : scope;
  const fill = compileBindings(compiler, node.bindings, scope, scopeInside);
  const addDynamic = dynamic.length
    ? compileDynamic(compiler, node.bindings, scopeInside, positions)
    : undefined;
  return env => {
    const slots: Lazy[] = new Array(names.length);
    const inside = node.recursive ? new Env(slots, env) : env;
    fill(slots, env, inside);
    const map = new Map<string, Lazy>();
    for (let i = 0; i < names.length; i++) map.set(names[i]!, slots[i]!);
    return addDynamic ? addDynamic(map, inside) : new Attrs(map, positions);
  };
}

export function compileLet(compiler: Compiler, bindings: Bindings, body: Expression, scope: Scope): Code {
  const names = [...bindings.named.keys()];
  const inside = scopeOf(names, scope);
  const fill = compileBindings(compiler, bindings, scope, inside);
  const code = compiler.compile(body, inside);
  return env => {
    const slots: Lazy[] = new Array(names.length);
    const inner = new Env(slots, env);
    fill(slots, env, inner);
    return code(inner);
  };
}

function scopeOf(names: readonly string[], parent: Scope): Scope {
  const scope = new Scope(parent);
  for (const name of names) scope.declare(name);
  return scope;
}

/** Code that fills one slot a binding, in order. */
function compileBindings(compiler: Compiler, bindings: Bindings, outside: Scope, inside: Scope) {
  const filling = inside !== outside;
  const sources = bindings.sources.map(source => compiler.delay(source, inside, { filling }));
  const fillers = [...bindings.named].map(([name, binding]) => {
    const { position } = binding;
    const frame = { what: `while evaluating the attribute '${name}'`, position };
    if (binding.type === 'value') {
      const value = compiler.delay(binding.value, inside, { filling, frame });
      return (_outer: Env, inner: Env): Lazy => value(inner);
    }
    if (binding.type === 'inherit') {
      const value = compiler.delay({ type: 'variable', name, position }, outside);
      return (outer: Env): Lazy => value(outer);
    }
    const { source } = binding;
    return (_outer: Env, _inner: Env, sets: readonly Lazy[]): Lazy =>
      Thunk.of(() => select(sets[source]!, name, position));
  });
  return (slots: Lazy[], outer: Env, inner: Env): void => {
    const sets = sources.map(source => source(inner));
    for (let i = 0; i < fillers.length; i++) slots[i] = fillers[i]!(outer, inner, sets);
  };
}

function compileDynamic(
  compiler: Compiler,
  { dynamic }: Bindings,
  scope: Scope,
  positions: ReadonlyMap<string, Position>,
) {
  const entries = dynamic.map(({ name, value, position }) => ({
    name: compileName(compiler, { expression: name, position }, scope),
    value: compiler.delay(value, scope, {
      frame: { what: 'while evaluating a dynamic attribute', position },
    }),
    position,
  }));
  return (map: Map<string, Lazy>, env: Env): Attrs => {
    const places = new Map(positions);
    for (const { name, value, position } of entries) {
      const key = name(env);
      if (key === null) continue;
      if (map.has(key)) {
        throw new NixError('evaluation', `the dynamic attribute '${key}' is defined already`, position);
      }
      map.set(key, value(env));
      places.set(key, position);
    }
    return new Attrs(map, places);
  };
}

/** The name of an attribute; null, which only a dynamic one can be, means that there is to be none. */
function compileName(compiler: Compiler, attribute: AttributeName, scope: Scope): NameCode {
  if ('name' in attribute) return () => attribute.name;
  const code = compiler.compile(attribute.expression, scope);
  return env => {
    const value = code(env);
    return value === null ? null : expectString(value, attribute.position);
  };
}

export function compileSelect(compiler: Compiler, node: Select, scope: Scope): Code {
  const subject = compiler.compile(node.subject, scope);
  const names = node.path.map(attribute => compileName(compiler, attribute, scope));
  const places = node.path.map(({ position }) => position);
  const fallback = node.fallback && compiler.compile(node.fallback, scope);
  if (fallback) {
    return env => {
      const found = follow(subject, names, places, env);
      return found === undefined ? fallback(env) : forceAt(found, places.at(-1));
    };
  }
  return env => {
    let value = subject(env);
    for (let i = 0; i < names.length; i++)
      value = select(value, nameAt(names[i]!, env, places[i]!), places[i]);
    return value;
  };
}

function nameAt(name: NameCode, env: Env, position: Position): string {
  return name(env) ?? expectString(null, position);
}

export function compileHas(
  compiler: Compiler,
  node: Extract<Expression, { type: 'has' }>,
  scope: Scope,
): Code {
  const subject = compiler.compile(node.subject, scope);
  const names = node.path.map(attribute => compileName(compiler, attribute, scope));
  const places = node.path.map(({ position }) => position);
  return env => follow(subject, names, places, env) !== undefined;
}

/** The attribute at the end of a path, unforced; undefined when the path leads nowhere. */
function follow(
  subject: Code,
  names: readonly NameCode[],
  places: readonly Position[],
  env: Env,
): Lazy | undefined {
  let value: Lazy | undefined = subject(env);
  for (let i = 0; i < names.length; i++) {
    const set = forceAt(value, places[i]);
    if (!(set instanceof AttrSet)) return undefined;
    const name = nameAt(names[i]!, env, places[i]!);
    if (i === names.length - 1 && !set.has(name)) return undefined;
    value = set.get(name);
    if (value === undefined) return undefined;
  }
  return value;
}
