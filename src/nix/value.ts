import type { AttrSet } from './attrs.js';
import type { LambdaCode } from './compile/code.js';
import type { Env } from './compile/scope.js';
import type { Frame } from './error.js';
import { NixError } from './error.js';
import type { NixString } from './text.js';

/**
 * Values of the Nix language as JavaScript sees them: null, booleans, integers (bigint, 64 bits), floats (number),
 * strings (`NixString` when they carry a context), paths, lists (arrays), sets and functions.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | NixString
  | NixPath
  | Lazy[]
  | AttrSet
  | Lambda
  | Primop;

/** A value, or the promise to compute one when it is needed. */
export type Lazy = Value | Thunk;

/** An absolute path without `.` and `..`. */
export class NixPath {
  constructor(readonly path: string) {}

  toString(): string {
    return this.path;
  }
}

/** Computes a value in weak head normal form from what it was delayed with: for compiled code, its variables. */
export interface Code<Input = Env> {
  (input: Input): Value;
  /** Told in an error's trace when this code fails. */
  frame?: Frame;
}

/** A computation that runs at most once, when its value is needed. Asking for it while it runs is infinite recursion. */
export class Thunk {
  private code: Code<unknown> | undefined;
  /** What the code needs; afterwards, its value. */
  private content: unknown;

  private constructor(code: Code<unknown>, input: unknown) {
    this.code = code;
    this.content = input;
  }

  /** Delays `code(input)`. Giving the input apart saves a closure for each thunk. */
  static delay<Input>(code: Code<Input>, input: Input): Thunk {
    return new Thunk(code as Code<unknown>, input);
  }

  /** Delays a TypeScript function. */
  static of(compute: () => Value): Thunk {
    return new Thunk(compute, undefined);
  }

  get forced(): boolean {
    return this.code === undefined;
  }

  get running(): boolean {
    return this.code === blackhole;
  }

  force(): Value {
    const code = this.code;
    if (code === undefined) return this.content as Value;
    this.code = blackhole;
    try {
      this.content = code(this.content);
    } catch (error) {
      this.code = code;
      if (code.frame && error instanceof NixError) error.addFrame(code.frame);
      throw error;
    }
    this.code = undefined;
    return this.content as Value;
  }
}

const blackhole: Code<unknown> = () => {
  throw new NixError('infinite-recursion', {
    asked: 'infinite recursion: this value needs itself to be computed',
    todo: 'break the circle; in a set marked rec, or in config, a name that refers to itself is the usual cause',
  });
};

/** The value, computed now if need be. */
export function force(lazy: Lazy): Value {
  return lazy instanceof Thunk ? lazy.force() : lazy;
}

/** A function written in Nix, with the variables around it. */
export class Lambda {
  constructor(
    readonly code: LambdaCode,
    readonly env: Env,
  ) {}

  /** The names of its pattern and whether each has a default; undefined for a function of one plain argument. */
  get formals(): ReadonlyMap<string, boolean> | undefined {
    return this.code.formals;
  }

  /** Whether its pattern ends with `...`. */
  get open(): boolean {
    return this.code.open;
  }
}

/** Arguments come unforced; the result may be unforced too. */
export type PrimopFunction = (...args: Lazy[]) => Lazy;

/** A function written in TypeScript, possibly with some of its arguments given already. */
export class Primop {
  constructor(
    readonly name: string,
    /** How many arguments it takes in all; at least 1. */
    readonly arity: number,
    readonly run: PrimopFunction,
    readonly bound: readonly Lazy[] = [],
  ) {}
}

/** A function for Nix code made from a TypeScript one. */
export function primop(name: string, arity: number, run: PrimopFunction): Primop {
  return new Primop(name, arity, run);
}
