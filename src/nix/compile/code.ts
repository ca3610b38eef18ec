import type { NixError } from '../error.js';
import type { Evaluation } from '../evaluation.js';
import type { Files } from '../files.js';
import type { Position } from '../source.js';
import type { Expression } from '../syntax/tree.js';
import type { Code, Lazy } from '../value.js';
import type { Env, Scope } from './scope.js';

/** Code that gives a value without computing it. */
export type Delayed = (env: Env) => Lazy;

/** The compiled part of a function, shared by all its closures. */
export interface LambdaCode {
  /** What it was bound to, or what it is: for messages. */
  name: string | undefined;
  position: Position;
  /** The argument's name, `x:` or at the `@`. */
  parameter: string | undefined;
  formals: ReadonlyMap<string, boolean> | undefined;
  open: boolean;
  /** The scope of its body for one call. */
  bind(env: Env, argument: Lazy): Env;
  body: Code;
  /** When the body is a function itself, its code: `x: y: …` called with two arguments needs no value in between. */
  inner: LambdaCode | undefined;
}

/** Turns expressions into code. The parts of the compiler reach each other through this. */
export interface Compiler {
  readonly evaluation: Evaluation;
  readonly files: Files;
  compile(expression: Expression, scope: Scope): Code;
  /**
   * `filling` says that the scope's slots are being filled when the code runs, so they cannot be read yet.
   * `frame` is what an error's trace tells when the delayed code fails.
   */
  delay(
    expression: Expression,
    scope: Scope,
    options?: { filling?: boolean; frame?: Code['frame'] },
  ): Delayed;
  /** A variable that no scope of the text binds: a builtin, or what the caller of `evaluate` gave. */
  global(name: string): Lazy | undefined;
  globalNames(): Iterable<string>;
  /** Variables that nothing binds, gathered so that a file shows all of its own at once. */
  readonly unbound: NixError[];
}
