import { NxcError } from '../../src/errors.js';
import type { Content } from '../protocol/message.js';

/** A request that lacks what its type requires, or asks for something that does not exist. */
export class RequestError extends NxcError {}

/** The string field `name` of a request's content. */
export function text(content: Content, name: string): string {
  const value = content[name];
  if (typeof value === 'string') return value;
  throw new RequestError({
    asked: `the request has no proper "${name}"`,
    found: value === undefined ? 'nothing' : JSON.stringify(value),
    todo: `send "${name}" as a string`,
  });
}

/** A field that may be missing: `fallback` stands in for it and for values of another type. */
export function optional<T extends string | number | boolean>(
  content: Content,
  name: string,
  fallback: T,
): T {
  const value = content[name];
  return typeof value === typeof fallback ? (value as T) : fallback;
}
