import { nearest } from '../suggest.js';
import type { AttrSet } from './attrs.js';
import { describe } from './describe.js';
import { NixError } from './error.js';
import { expectAttrs } from './expect.js';
import type { Position } from './source.js';
import { type Lazy, Thunk, type Value } from './value.js';

/** `subject.name`. Throws NixError with near names when it is missing. */
export function select(subject: Lazy, name: string, position?: Position): Value {
  const attrs = expectAttrs(subject, position);
  const value = attrs.get(name);
  if (value === undefined) throw missing(attrs, name, position);
  return forceAt(value, position);
}

function missing(attrs: AttrSet, name: string, position?: Position): NixError {
  const own = attrs.missing(name);
  if (own) {
    own.locate(position);
    return own;
  }
  const parts = {
    asked: `attribute '${name}' is missing`,
    nearest: nearest(name, attrs.names()),
    found: describe(attrs),
  };
  return new NixError('missing-attribute', parts, position);
}

/** Forces what stands at a place of the user's code: infinite recursion is reported there. */
export function forceAt(lazy: Lazy, position: Position | undefined): Value {
  if (!(lazy instanceof Thunk)) return lazy;
  if (!lazy.running) return lazy.force();
  try {
    return lazy.force();
  } catch (error) {
    if (error instanceof NixError) error.locate(position);
    throw error;
  }
}
