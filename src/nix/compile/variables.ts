import { nearest } from '../../suggest.js';
import { NixError } from '../error.js';
import { expectAttrs } from '../expect.js';
import { placeOf } from '../place.js';
import { forceAt } from '../select.js';
import type { Variable } from '../syntax/tree.js';
import { type Code, Thunk } from '../value.js';
import type { Compiler, Delayed } from './code.js';
import { outward, type Scope } from './scope.js';

export function compileVariable(compiler: Compiler, variable: Variable, scope: Scope): Code {
  const { position } = variable;
  if (variable.name === '__curPos') return () => placeOf(position);
  const found = scope.find(variable.name);
  if (!found) return compileUnbound(compiler, variable, scope);
  const { depth, slot } = found;
  // Most variables are near: those are read without a loop.
  if (depth === 0) {
    return env => {
      const value = env.slots[slot]!;
      return value instanceof Thunk ? forceAt(value, position) : value;
    };
  }
  if (depth === 1) {
    return env => {
      const value = env.parent!.slots[slot]!;
      return value instanceof Thunk ? forceAt(value, position) : value;
    };
  }
  return env => forceAt(outward(env, depth).slots[slot]!, position);
}

/** The variable's thunk itself, where it can be had without computing anything; undefined where it cannot. */
export function delayVariable(variable: Variable, scope: Scope, filling: boolean): Delayed | undefined {
  const found = scope.find(variable.name);
  if (!found || (found.depth === 0 && filling)) return undefined;
  const { depth, slot } = found;
  if (depth === 0) return env => env.slots[slot]!;
  return env => outward(env, depth).slots[slot]!;
}

function compileUnbound(compiler: Compiler, { name, position }: Variable, scope: Scope): Code {
  const global = compiler.global(name);
  if (global !== undefined) return () => forceAt(global, position);
  const depths = scope.withs();
  const unknown = (names: Iterable<string>) => {
    const near = nearest(name, [...scope.names(), ...compiler.globalNames(), ...names]);
    return new NixError(
      'undefined-variable',
      { asked: `undefined variable '${name}'`, nearest: near },
      position,
    );
  };
  if (!depths.length) {
    const error = unknown([]);
    compiler.unbound.push(error);
    return () => {
      throw error;
    };
  }
  return env => {
    const searched: string[] = [];
    for (const depth of depths) {
      const attrs = expectAttrs(outward(env, depth).slots[0]!, position);
      const value = attrs.get(name);
      if (value !== undefined) return forceAt(value, position);
      searched.push(...attrs.names());
    }
    throw unknown(searched);
  };
}
