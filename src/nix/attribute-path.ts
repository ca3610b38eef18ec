import { Attrs } from './attrs.js';
import { NixError } from './error.js';
import type { Evaluation } from './evaluation.js';
import { expectList } from './expect.js';
import { select } from './select.js';
import { force, Lambda, type Lazy, type Value } from './value.js';

/**
 * What `-A a.b."c d".0` leads to: names of sets, indices of lists. Functions on the way whose arguments all have
 * defaults are called, as Nix does.
 */
export function follow(evaluation: Evaluation, start: Lazy, path: string): Value {
  let value = called(evaluation, start);
  for (const [, plain, quoted] of path.matchAll(/([^."]+)|"([^"]*)"/g)) {
    const name = plain ?? quoted!;
    value = called(
      evaluation,
      Array.isArray(value) && /^\d+$/.test(name) ? item(value, name) : select(value, name),
    );
  }
  return value;
}

function called(evaluation: Evaluation, lazy: Lazy): Value {
  const value = force(lazy);
  const complete = value instanceof Lambda && value.formals && [...value.formals.values()].every(Boolean);
  return complete ? evaluation.apply(value, Attrs.from({})) : value;
}

function item(list: Value, index: string): Lazy {
  const found = expectList(list)[Number(index)];
  if (found !== undefined) return found;
  throw new NixError('missing-attribute', `the list has no item ${index}`);
}
