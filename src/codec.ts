/**
 * The one codec for values that cross between processes of nxc, and into files that only nxc reads back: cells' calls of the
 * front and their answers, Python scripts, rows of sweeps. A value arrives as it left: NaN, -0, BigInt, dates, maps, sets, typed
 * arrays, undefined, holes, errors, what is shared and what refers to itself. What is no data is a CodecError that names it.
 * The format is that of devalue; nxc_driver/codec.py is its other reader.
 */
import { inspect, types } from 'node:util';
import { DevalueError, defaultStringifyOperations, parse, stringify } from 'devalue';
import { NxcError } from './errors.js';

/** A value that cannot cross, named by its path: `row.onDone is a function`. */
export class CodecError extends NxcError {}

/** Python's tuple: an array here, and a tuple again in Python. */
export class Tuple extends Array<unknown> {}

/** The value as one line of JSON. `name` is what errors call it; fields of an object go by their own names. */
export function encode(value: unknown, name = 'the value'): string {
  try {
    return stringify(value, reducers, { operations });
  } catch (error) {
    throw refusal(error, name);
  }
}

/** The value that `encode` was given. A CodecError when the text is none of ours. */
export function decode(text: string): unknown {
  try {
    return parse(text, revivers);
  } catch (cause) {
    throw new CodecError({ asked: 'a value of another process cannot be read', found: reason(cause), cause });
  }
}

/** What was found where a property should be read, and reading it threw. */
class Unreadable {
  constructor(readonly error: unknown) {}
}

const operations = {
  /** A class of its own that extends Array, Map and the like is no Array or Map. */
  tagOf: (thing: object): string => {
    const tag = Object.prototype.toString.call(thing).slice(8, -1);
    const prototype = Object.getPrototypeOf(thing) as { constructor?: { name?: unknown } } | null;
    const own = prototype?.constructor?.name;
    return tag === 'Object' || own === tag || Buffer.isBuffer(thing) ? tag : 'Object';
  },
  isThenable: (thing: unknown) => types.isPromise(thing),
  /** The environment is a plain object to whoever uses it, and to nobody else. */
  shapeOf: (thing: object) =>
    defaultStringifyOperations.shapeOf(thing === process.env ? { ...thing } : thing),
  get: (thing: Record<PropertyKey, unknown>, key: PropertyKey): unknown => {
    try {
      return thing[key];
    } catch (error) {
      return new Unreadable(error);
    }
  },
};

/** What devalue does not know by itself, each as something that it knows. */
const reducers: Record<string, (value: unknown) => unknown> = {
  Buffer: value => Buffer.isBuffer(value) && { base64: value.toString('base64') },
  Error: value => types.isNativeError(value) && partsOf(value),
  tuple: value => value instanceof Tuple && Array.from(value),
  array: value => Array.isArray(value) && withNames(value),
};

const revivers = {
  Buffer: ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64'),
  Error: errorOf,
  tuple: (items: unknown[]) => Tuple.from(items),
  array: ({ items, names }: { items: unknown[]; names: object }) => Object.assign(items, names),
};

const hidden = ['name', 'message', 'stack', 'cause', 'errors'] as const;

function partsOf(error: Error): Record<string, unknown> {
  const own = hidden.filter(key => key === 'name' || Object.hasOwn(error, key));
  const all = error as unknown as Record<string, unknown>;
  return { ...error, ...Object.fromEntries(own.map(key => [key, all[key]])) };
}

const errors = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError] as const;

function errorOf(parts: Record<string, unknown>): Error {
  const Class = errors.find(one => one.name === parts.name);
  const error = parts.errors ? new AggregateError([]) : new (Class ?? Error)();
  for (const [key, value] of Object.entries(parts)) {
    if (key === 'name' && error.name === value) continue;
    const enumerable = !(hidden as readonly string[]).includes(key);
    Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable });
  }
  return error;
}

/** Of an array that has more than its elements, such as what `match` gives. */
function withNames(array: unknown[]): { items: unknown[]; names: object } | false {
  if (array instanceof Tuple || /^\d+$/.test(Object.keys(array).at(-1) ?? '0')) return false;
  const names = Object.fromEntries(Object.entries(array).filter(([name]) => !/^\d+$/.test(name)));
  return { items: array.slice(), names };
}

function refusal(error: unknown, name: string): CodecError {
  const todo = 'only data goes from process to process: give its text, its numbers or a plain object of them';
  if (error instanceof DevalueError) {
    const path = error.path?.replace(/^\./, '') ?? '';
    const place = path === '' ? name : path.startsWith('[') ? `${name}${path}` : path;
    return new CodecError({ asked: `${place} ${kindOf(error)}`, todo });
  }
  const message = reason(error);
  const [limit] = Object.entries(limits).find(([, pattern]) => pattern.test(message)) ?? [];
  if (limit) return new CodecError({ asked: `${name} is ${limit}`, todo });
  return new CodecError({ asked: `${name} cannot be read`, found: reason(error), todo, cause: error });
}

/** Of Node, in its words. */
const limits = { 'nested too deeply': /call stack/, 'too large': /string (longer|length)/ };

/** How the sentence about a value goes on. */
function kindOf({ value, message }: DevalueError): string {
  if (value instanceof Unreadable) return `cannot be read: ${reason(value.error)}`;
  if (types.isPromise(value)) return 'is a promise: await it first';
  if (typeof value === 'function') return `is a ${isClass(value) ? 'class' : 'function'}`;
  if (typeof value === 'symbol') return 'is a symbol';
  if (/symbolic keys/.test(message)) return 'has a symbol as a key';
  if (/__proto__/.test(message)) return 'has a key called __proto__';
  return `is an object of class ${classOf(value)}`;
}

const isClass = (value: object): boolean => /^class\b/.test(Function.prototype.toString.call(value));

function classOf(value: unknown): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } };
  return prototype.constructor?.name || Object.prototype.toString.call(value).slice(8, -1);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : inspect(error, { depth: 0 });
}
