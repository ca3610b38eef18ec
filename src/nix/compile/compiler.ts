/**
 * Turns the syntax tree into JavaScript closures, once; running them is the evaluation. Variables are found by place:
 * so many scopes outward, such a slot. Only `with` looks names up while it runs.
 */
import type { AttrSet } from '../attrs.js';
import { NixError } from '../error.js';
import type { Evaluation } from '../evaluation.js';
import { expectBool } from '../expect.js';
import type { Files } from '../files.js';
import { placeItems } from '../item-positions.js';
import type { Expression } from '../syntax/tree.js';
import { type Code, type Lazy, NixPath, Thunk, type Value } from '../value.js';
import type { Compiler, Delayed } from './code.js';
import { compileCall, compileLambda } from './functions.js';
import { compileBinary, compileUnary } from './operators.js';
import { Env, Scope } from './scope.js';
import { compileHas, compileLet, compileSelect, compileSet } from './sets.js';
import { compilePath, compileString } from './strings.js';
import { compileVariable, delayVariable } from './variables.js';

/** Code of a whole source. `globals` are sets of variables visible everywhere in it, the innermost first. */
export function compileSource(
  tree: Expression,
  globals: readonly AttrSet[],
  evaluation: Evaluation,
  files: Files,
): () => Value {
  const compiler = new TreeCompiler(globals, evaluation, files);
  const code = compiler.compile(tree, new Scope(undefined));
  if (compiler.unbound.length > 0) evaluation.failAll(compiler.unbound);
  return () => code(new Env([], undefined));
}

class TreeCompiler implements Compiler {
  readonly unbound: NixError[] = [];

  constructor(
    private readonly globals: readonly AttrSet[],
    readonly evaluation: Evaluation,
    readonly files: Files,
  ) {}

  global(name: string): Lazy | undefined {
    return this.globals.find(set => set.has(name))?.get(name);
  }

  globalNames(): Iterable<string> {
    return this.globals.flatMap(set => set.names());
  }

  readonly delay: Compiler['delay'] = (expression, scope, { filling = false, frame } = {}): Delayed => {
    switch (expression.type) {
      case 'int':
      case 'float':
      case 'lambda':
        return this.compile(expression, scope);
      case 'string':
        if (expression.parts.every(part => typeof part === 'string')) return this.compile(expression, scope);
        break;
      case 'variable': {
        const delayed = delayVariable(expression, scope, filling);
        if (delayed) return delayed;
        const global = scope.find(expression.name) ? undefined : this.global(expression.name);
        if (global !== undefined) return () => global;
        break;
      }
    }
    const code = this.compile(expression, scope);
    if (frame) code.frame = frame;
    return env => Thunk.delay(code, env);
  };

  readonly compile = (expression: Expression, scope: Scope): Code => {
    switch (expression.type) {
      case 'int':
      case 'float': {
        const { value } = expression;
        return () => value;
      }
      case 'string': {
        const [text = ''] = expression.parts;
        if (expression.parts.length <= 1 && typeof text === 'string') return () => text;
        return compileString(this, expression, scope);
      }
      case 'path':
        return compilePath(this, expression, scope);
      case 'search-path': {
        const found = this.files.search(expression.name);
        if (found !== undefined) return () => new NixPath(found);
        return () => {
          throw new NixError(
            'evaluation',
            {
              asked: `<${expression.name}> is not available here: there is no NIX_PATH in a pure evaluation`,
              todo: "take what you need as an argument ('{ pkgs, lib, ... }:'), or write a path like ./file.nix",
            },
            expression.position,
          );
        };
      }
      case 'variable':
        return compileVariable(this, expression, scope);
      case 'select':
        return compileSelect(this, expression, scope);
      case 'has':
        return compileHas(this, expression, scope);
      case 'call':
        return compileCall(this, expression, scope);
      case 'lambda':
        return compileLambda(this, expression, scope);
      case 'let':
        return compileLet(this, expression.bindings, expression.body, scope);
      case 'set':
        return compileSet(this, expression, scope);
      case 'list': {
        const items = expression.items.map(item => this.delay(item, scope));
        const values = (env: Env): Lazy[] => items.map(item => item(env));
        if (items.length === 0 || expression.position.source.hidden) return values;
        const positions = expression.items.map(({ position }) => position);
        return env => placeItems(values(env), positions);
      }
      case 'with': {
        const set = this.delay(expression.scope, scope);
        const body = this.compile(expression.body, new Scope(scope, 'with'));
        return env => body(new Env([set(env)], env));
      }
      case 'if': {
        const condition = this.compile(expression.condition, scope);
        const yes = this.compile(expression.then, scope);
        const no = this.compile(expression.else, scope);
        const { position } = expression.condition;
        return env => (expectBool(condition(env), position) ? yes(env) : no(env));
      }
      case 'assert': {
        const condition = this.compile(expression.condition, scope);
        const body = this.compile(expression.body, scope);
        const { position } = expression.condition;
        return env => {
          if (expectBool(condition(env), position)) return body(env);
          throw new NixError('assertion', 'an assertion is false', position);
        };
      }
      case 'binary':
        return compileBinary(this, expression, scope);
      case 'unary': {
        const operand = this.compile(expression.operand, scope);
        return compileUnary(expression.operator, operand, expression.operand.position);
      }
    }
  };
}
