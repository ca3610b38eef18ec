import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodecError, decode, encode, Tuple } from '../src/codec.js';

const crossed = <Value>(value: Value): Value => decode(encode(value)) as Value;

/** Node takes no date that is none for the same as another. */
const same = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(a, b) || (encode(b).includes('["Date",""]') && encode(a) === encode(b));

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

describe('a value that crosses', () => {
  it('arrives as it left, whatever data it is', () => {
    fc.assert(
      fc.property(anything, value => {
        const text = attempt(() => encode(value));
        // A key called __proto__ is refused by name.
        if (text instanceof CodecError) expect(text.message).toMatch(/has a key called __proto__/);
        else expect(same(decode(text), value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['-0', -0],
    ['a BigInt', 2n ** 70n],
    ['undefined', undefined],
    ['holes', Object.assign([1], { 2: undefined, 3: null })],
    ['a long sparse array', Object.assign([], { 4000000000: 1 })],
    ['a date that is none', new Date(Number.NaN)],
    ['a map with keys of any kind', new Map<unknown, unknown>([[{ a: 1 }, new Set([Number.NaN])]])],
    ['a pattern', /a+b/giu],
    ['a URL', new URL('http://foo:80/x?y#z')],
    ['a typed array', new Float64Array([Number.NaN, -0, 1.5])],
    ['bytes', new Uint8Array([0, 255])],
    ['a buffer', Buffer.from('häagen')],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer],
    ['a view', new DataView(new ArrayBuffer(4), 1, 2)],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['half a character', 'a\ud800b'],
    ['keys like numbers', { 2: 'b', 1: 'a' }],
    ['a tuple of Python', Tuple.from([1, [2]])],
    ['what match found', /(?<y>\d+)-(\d+)/.exec('x 2024-05')],
    ['a very long text', 'x"\n'.repeat(1_000_000)],
  ])('%s arrives as it left', (_, value) => {
    expect(same(crossed(value), value)).toBe(true);
    expect(same(crossed({ deep: [value] }), { deep: [value] })).toBe(true);
  });

  it('the environment arrives as a plain object', () => {
    expect(crossed({ env: process.env })).toEqual({ env: { ...process.env } });
  });

  it('errors keep class, message, stack, cause and what else they carry', () => {
    const cause = Object.assign(new Error('disk full'), { code: 'ENOSPC', errno: -28 });
    const error = new TypeError('no', { cause });
    const copy = crossed(error);
    expect(copy).toBeInstanceOf(TypeError);
    expect(isDeepStrictEqual(copy, error)).toBe(true);
    expect(copy.stack).toBe(error.stack);
    expect(copy.cause).toMatchObject({ message: 'disk full', code: 'ENOSPC', errno: -28 });
    const many = crossed(new AggregateError([new RangeError('a')], 'some'));
    expect(many).toBeInstanceOf(AggregateError);
    expect(many.errors[0]).toBeInstanceOf(RangeError);
    class Timeout extends Error {
      override name = 'Timeout';
    }
    expect(String(crossed(new Timeout('5 s')))).toBe('Timeout: 5 s');
  });

  it('what is shared is shared, and what refers to itself does', () => {
    const shared = { n: 1 };
    const loop: Record<string, unknown> = { a: shared, b: [shared], map: new Map() };
    loop.self = loop;
    (loop.map as Map<unknown, unknown>).set('loop', loop);
    const copy = crossed(loop) as { a: object; b: object[]; self: unknown; map: Map<unknown, unknown> };
    expect(copy.self).toBe(copy);
    expect(copy.b[0]).toBe(copy.a);
    expect(copy.map.get('loop')).toBe(copy);
  });

  it('what is shared a great many times takes no more room than once', () => {
    let shared: unknown[] = [];
    for (let level = 0; level < 1000; level++) shared = [shared, shared];
    expect(encode(shared).length).toBeLessThan(20_000);
  });
});

class Point {
  x = 1;
}
class Rows extends Array {}
class Headers extends Map {}
const throws = (): never => {
  throw new Error('boom');
};

describe('what is no data', () => {
  it.each([
    [{ rows: [0, 0, 0, { onDone: () => 1 }] }, 'rows[3].onDone is a function'],
    [{ row: { Kind: class {} } }, 'row.Kind is a class'],
    [{ row: { 'a b': Symbol('s') } }, 'row["a b"] is a symbol'],
    [{ row: { later: Promise.resolve(1) } }, 'row.later is a promise: await it first'],
    [{ row: new Point() }, 'row is an object of class Point'],
    [{ row: { points: new Map([['a', new Point()]]) } }, 'row.points.get("a") is an object of class Point'],
    [{ row: { known: new WeakMap() } }, 'row.known is an object of class WeakMap'],
    [{ row: { all: Rows.from([1]) } }, 'row.all is an object of class Rows'],
    [{ row: { all: new Headers() } }, 'row.all is an object of class Headers'],
    [{ row: { memory: new SharedArrayBuffer(1) } }, 'row.memory is an object of class SharedArrayBuffer'],
    [{ row: { [Symbol('k')]: 1 } }, 'row has a symbol as a key'],
    [{ row: JSON.parse('{"__proto__": 1}') }, 'row has a key called __proto__'],
    [
      {
        row: {
          get late() {
            return throws();
          },
        },
      },
      'row.late cannot be read: boom',
    ],
    [{ row: { error: Object.assign(new Error('x'), { retry: () => 1 }) } }, 'row.error.retry is a function'],
    [[() => 1], 'the value[0] is a function'],
    [() => 1, 'the value is a function'],
    [{ row: new Proxy({}, { ownKeys: throws }) }, 'cannot be read'],
    [{ row: new Proxy({}, { getPrototypeOf: throws }) }, 'cannot be read'],
    [{ row: Proxy.revocable({}, {}) }, 'row.revoke is a function'],
  ])('is an error that names it: %#', (value, message) => {
    expect(() => encode(value)).toThrow(CodecError);
    expect(() => encode(value)).toThrow(message);
  });

  it('what is nested a hundred thousand levels deep is an error, not the end of the process', () => {
    let deep: unknown[] = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => encode({ deep })).toThrow('nested too deeply');
  });

  it.each(['', 'nonsense', '{}', '[]', '[["Nothing",1]]', '[[5]]', '[["Error",0]]'])(
    'a text that is none of ours is an error: %j',
    text => {
      expect(() => decode(text)).toThrow(CodecError);
    },
  );
});

function attempt(action: () => string): string | CodecError {
  try {
    return action();
  } catch (error) {
    return error as CodecError;
  }
}
