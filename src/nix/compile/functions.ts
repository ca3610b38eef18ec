import { nearest } from '../../suggest.js';
import type { AttrSet } from '../attrs.js';
import { NixError } from '../error.js';
import { expectAttrs } from '../expect.js';
import type { Call, Formals, LambdaNode } from '../syntax/tree.js';
import { type Code, Lambda, type Lazy } from '../value.js';
import type { Compiler, LambdaCode } from './code.js';
import { Env, Scope } from './scope.js';

export function compileLambda(compiler: Compiler, node: LambdaNode, scope: Scope): Code {
  const code = lambdaCode(compiler, node, scope);
  return env => new Lambda(code, env);
}

function lambdaCode(compiler: Compiler, node: LambdaNode, scope: Scope): LambdaCode {
  const inside = new Scope(scope);
  if (node.parameter !== undefined) inside.declare(node.parameter);
  for (const { name } of node.formals?.names ?? []) inside.declare(name);
  const inner = node.body.type === 'lambda' ? lambdaCode(compiler, node.body, inside) : undefined;
  return {
    name: node.name,
    position: node.position,
    parameter: node.parameter,
    formals: node.formals && new Map(node.formals.names.map(({ name, fallback }) => [name, !!fallback])),
    open: node.formals?.open ?? false,
    bind: node.formals
      ? compilePattern(compiler, node, node.formals, inside)
      : (env, argument) => new Env([argument], env),
    body: inner ? env => new Lambda(inner, env) : compiler.compile(node.body, inside),
    inner,
  };
}

function compilePattern(
  compiler: Compiler,
  node: LambdaNode,
  formals: Formals,
  scope: Scope,
): LambdaCode['bind'] {
  const first = node.parameter === undefined ? 0 : 1;
  const entries = formals.names.map(({ name, fallback, position }) => {
    const frame = { what: `while evaluating the default of the argument '${name}'`, position };
    return { name, fallback: fallback && compiler.delay(fallback, scope, { filling: true, frame }) };
  });
  const known = new Set(formals.names.map(({ name }) => name));
  return (env, argument) => {
    const attrs = expectAttrs(argument);
    const slots: Lazy[] = new Array(first + entries.length);
    const inner = new Env(slots, env);
    if (first) slots[0] = attrs;
    for (let i = 0; i < entries.length; i++) {
      const { name, fallback } = entries[i]!;
      const value = attrs.get(name);
      if (value !== undefined) slots[first + i] = value;
      else if (fallback) slots[first + i] = fallback(inner);
      else throw withoutArgument(node, name, attrs);
    }
    if (!formals.open) {
      const extra = attrs.names().find(name => !known.has(name));
      if (extra !== undefined) throw unexpectedArgument(node, extra, known);
    }
    return inner;
  };
}

function withoutArgument(node: LambdaNode, name: string, attrs: AttrSet): NixError {
  return new NixError('type', {
    asked: `${called(node)} needs the argument '${name}', which is not given`,
    found: `given are: ${attrs.names().join(', ') || 'none'}; it is defined at ${node.position}`,
  });
}

function unexpectedArgument(node: LambdaNode, name: string, known: ReadonlySet<string>): NixError {
  return new NixError('type', {
    asked: `${called(node)} takes no argument '${name}'`,
    nearest: nearest(name, known),
    found: `it takes ${[...known].join(', ') || 'none'}; it is defined at ${node.position}`,
    todo: "write '...' at the end of its pattern to let it take any",
  });
}

function called(node: LambdaNode): string {
  return node.name ? `the function '${node.name}'` : 'this function';
}

export function compileCall(compiler: Compiler, node: Call, scope: Scope): Code {
  const { evaluation } = compiler;
  const { position } = node;
  const callee = compiler.compile(node.callee, scope);
  const args = node.args.map(argument => compiler.delay(argument, scope));
  const [first, second] = args;
  if (args.length === 1) return env => evaluation.apply(callee(env), first!(env), position);
  if (args.length === 2) return env => evaluation.apply2(callee(env), first!(env), second!(env), position);
  return env => {
    const given = args.map(argument => argument(env));
    const value = callee(env);
    return evaluation.applyAll(value, given, position);
  };
}
