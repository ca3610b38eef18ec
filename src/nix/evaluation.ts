import { AttrSet } from './attrs.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import { isStackOverflow } from './overflow.js';
import type { Position } from './source.js';
import { force, Lambda, type Lazy, Primop, type Value } from './value.js';

/** How much an evaluation may cost; each call from outside begins anew. */
export interface Budget {
  /** Function calls. */
  steps: number;
  /** Function calls inside each other. */
  depth: number;
  milliseconds: number;
}

export const defaultBudget: Budget = { steps: 100_000_000, depth: 10_000, milliseconds: 5_000 };

/** One evaluation at work: calls functions, and counts what they cost against the budget. */
export class Evaluation {
  private entered = 0;
  private steps = 0;
  private depth = 0;
  private deadline = 0;

  /** @param problem takes errors after which the evaluation can go on; without it each of them ends it */
  constructor(
    private readonly budget: Budget,
    private readonly problem?: (error: NixError) => void,
  ) {}

  /** What stands in a string instead of a part that failed; throws the error when nothing can. */
  goOn(error: unknown, site: Position): string {
    if (!(error instanceof NixError) || error.instead === undefined) throw error;
    error.locate(site);
    if (!this.problem || site.source.hidden) throw error;
    this.problem(error);
    return error.instead;
  }

  /** Ends with the first of several errors, after all of them were reported. */
  failAll(errors: readonly NixError[]): never {
    for (const error of errors) this.problem?.(error);
    throw errors[0];
  }

  /** Runs work that was asked for from outside, and turns an overflow of the stack into a NixError. */
  run<T>(work: () => T): T {
    if (this.entered === 0) {
      this.steps = 0;
      this.deadline = performance.now() + this.budget.milliseconds;
      this.#check();
    }
    const depth = this.depth;
    this.entered++;
    try {
      return work();
    } catch (error) {
      throw overflow(error) ?? error;
    } finally {
      this.depth = depth;
      this.entered--;
    }
  }

  /** `fn argument`. `site` is the call's place in the user's code. */
  apply(fn: Value, argument: Lazy, site?: Position): Value {
    if (fn instanceof Lambda) {
      this.#enter(site);
      try {
        return fn.code.body(fn.code.bind(fn.env, argument));
      } catch (error) {
        throw this.#traced(error, told(fn), site);
      } finally {
        this.depth--;
      }
    }
    if (fn instanceof Primop) {
      const bound = fn.bound.length ? [...fn.bound, argument] : [argument];
      if (bound.length < fn.arity) return new Primop(fn.name, fn.arity, fn.run, bound);
      return force(this.#runPrimop(fn, bound, site));
    }
    if (fn instanceof AttrSet) {
      const functor = fn.get('__functor');
      if (functor !== undefined) return this.apply2(force(functor), fn, argument, site);
      const own = fn.uncallable();
      if (own) {
        own.locate(site);
        throw own;
      }
    }
    throw new NixError('type', { asked: 'expected a function', found: describe(fn) }, site);
  }

  /** `fn first second`, without making the function in between where there need not be one. */
  apply2(fn: Value, first: Lazy, second: Lazy, site?: Position): Value {
    if (fn instanceof Lambda && fn.code.inner) {
      const { inner } = fn.code;
      this.#enter(site);
      try {
        return inner.body(inner.bind(fn.code.bind(fn.env, first), second));
      } catch (error) {
        throw this.#traced(error, told(fn), site);
      } finally {
        this.depth--;
      }
    }
    if (fn instanceof Primop && fn.arity === 2 && !fn.bound.length) {
      return force(this.#runPrimop(fn, [first, second], site));
    }
    return this.apply(this.apply(fn, first, site), second, site);
  }

  /** `fn a b …`. `site` is the call's place in the user's code. */
  applyAll(fn: Value, args: readonly Lazy[], site?: Position): Value {
    if (fn instanceof Primop && fn.arity === args.length && !fn.bound.length) {
      return force(this.#runPrimop(fn, args, site));
    }
    let result = fn;
    let at = 0;
    for (; at + 1 < args.length; at += 2) result = this.apply2(result, args[at]!, args[at + 1]!, site);
    return at < args.length ? this.apply(result, args[at]!, site) : result;
  }

  /** `fn a b …` for TypeScript code. */
  call(fn: Lazy, ...args: Lazy[]): Value {
    return this.applyAll(force(fn), args);
  }

  /** The result is forced by the caller, so that this frame does not stay on the stack meanwhile. */
  #runPrimop(fn: Primop, args: readonly Lazy[], site?: Position): Lazy {
    this.#enter(site);
    try {
      return fn.run(...args);
    } catch (error) {
      throw this.#traced(error, `while calling the builtin '${fn.name}'`, site);
    } finally {
      this.depth--;
    }
  }

  #enter(site: Position | undefined): void {
    if (++this.depth > this.budget.depth) this.#tooDeep(site);
    if ((++this.steps & 0x3ff) === 0) this.#check(site);
  }

  /** Counts work that a builtin does in a loop of its own. */
  step(): void {
    if ((++this.steps & 0x3ff) === 0) this.#check();
  }

  #traced(error: unknown, what: string, site: Position | undefined): unknown {
    const known = overflow(error) ?? error;
    // What has no place yet happened in the builtin itself: the call is its place, and no frame of its own.
    if (known instanceof NixError && !known.locate(site) && site) known.addFrame({ what, position: site });
    return known;
  }

  #check(site?: Position): void {
    if (this.steps > this.budget.steps) {
      throw exhausted(`the evaluation took more than ${this.budget.steps} steps`, site);
    }
    if (performance.now() > this.deadline) {
      throw exhausted(`the evaluation took longer than ${this.budget.milliseconds} ms`, site);
    }
  }

  #tooDeep(site: Position | undefined): never {
    this.depth--;
    throw exhausted(`functions call each other more than ${this.budget.depth} levels deep`, site);
  }
}

function told(fn: Lambda): string {
  return `while calling ${fn.code.name ? `'${fn.code.name}'` : 'a function'}`;
}

function exhausted(message: string, site?: Position): NixError {
  return new NixError(
    'budget',
    { asked: message, todo: 'look for a recursion or loop that never ends' },
    site,
  );
}

/** The engine's own limits as errors of the user's code. */
function overflow(error: unknown): NixError | undefined {
  if (isStackOverflow(error)) return exhausted('the evaluation is nested too deeply');
  return error instanceof RangeError ? exhausted(`a value grew too large (${error.message})`) : undefined;
}
