import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../src/display/json-of.js';
import { jupyterBundle } from '../../src/display/jupyter-bundle.js';

const throws = (): never => {
  throw new Error('boom');
};

describe('what Jupyter shows as JSON', () => {
  it('is the value itself where JSON can hold it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(jsonOf(plain)).toEqual({ json: plain, notes: [] });
      }),
    );
  });

  it('can always be sent, whatever the value is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
      withSparseArray: false,
    });
    fc.assert(
      fc.property(anything, fc.boolean(), (value, drawn) => {
        const { json } = jsonOf(value, { drawn });
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      }),
    );
  });

  const loop: Record<string, unknown> = { a: 1 };
  loop.self = loop;

  it.each<[unknown, unknown, string[]]>([
    [{ n: 10n }, { n: 10 }, []],
    [{ n: 2n ** 60n }, { n: '1152921504606846976' }, ['n is beyond 2^53, shown as text']],
    [{ ms: Number.NaN }, { ms: 'NaN' }, ['ms is NaN, shown as text']],
    [
      { rows: [{ ms: Infinity }, { ms: Infinity }] },
      { rows: [{ ms: 'Infinity' }, { ms: 'Infinity' }] },
      ['rows[].ms (2 values) is Infinity, shown as text'],
    ],
    [
      { at: new Date(0), no: new Date(Number.NaN) },
      { at: '1970-01-01T00:00:00.000Z', no: 'Invalid Date' },
      ['no is a date that is none, shown as text'],
    ],
    [
      { set: new Set([1]), map: new Map([['k', 1]]), pairs: new Map([[1, 2]]) },
      { set: [1], map: { k: 1 }, pairs: [[1, 2]] },
      [],
    ],
    [
      { bytes: new Uint8Array([1, 2]), url: new URL('http://a/'), re: /x/g },
      { bytes: [1, 2], url: 'http://a/', re: '/x/g' },
      [],
    ],
    [{ e: new TypeError('no') }, { e: { name: 'TypeError', message: 'no' } }, []],
    [{ gone: undefined, list: [undefined] }, { list: [null] }, []],
    [loop, { a: 1, self: '[circular]' }, ['self refers to what it is part of, shown as text']],
    [{ run: () => 1, x: 1 }, { x: 1 }, ['run is a function and left out']],
    [
      {
        get late() {
          return throws();
        },
        x: 1,
      },
      { x: 1 },
      ['late cannot be read: boom'],
    ],
    [new Proxy({}, { ownKeys: throws }), '[unreadable]', ['it cannot be read: boom, shown as text']],
    [{ toJSON: throws }, '[unreadable]', ['it cannot be read: boom, shown as text']],
    [Symbol('s'), null, ['it is a symbol and left out']],
  ])('says what it is not, by its name: %#', (value, json, notes) => {
    expect(jsonOf(value)).toEqual({ json, notes });
  });

  it('for a plot a number that is none is not drawn, and no text', () => {
    const spec = { data: { values: [{ v: 1n }, { v: Number.NaN }, { v: 2n ** 60n }] } };
    expect(jsonOf(spec, { drawn: true })).toEqual({
      json: { data: { values: [{ v: 1 }, { v: null }, { v: 2 ** 60 }] } },
      notes: [
        'data.values[].v is NaN, not drawn',
        'data.values[].v is beyond 2^53, drawn as the nearest number',
      ],
    });
  });

  it('ends soon for what is shared a great many times or nested without end', () => {
    let shared: unknown[] = [];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(jsonOf(shared).notes.join()).toContain('too large to be shown whole');
    expect(jsonOf({ holes: new Array(4_000_000_000) }).notes.join()).toContain('too large to be shown whole');
    let deep: unknown[] = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(jsonOf({ deep }).notes.join()).toContain('more than 200 levels deep');
  });
});

describe('a MIME bundle', () => {
  it('holds text for types of text, and base64 for pictures', () => {
    const { data, notes } = jupyterBundle({
      'image/svg+xml': Buffer.from('<svg/>'),
      'image/png': new Uint8Array([1, 2, 3]),
      'text/html': ['<b>', '</b>'],
      'text/latex': undefined,
      'text/markdown': null,
    });
    expect(data).toEqual({ 'image/svg+xml': '<svg/>', 'image/png': 'AQID', 'text/html': '<b></b>' });
    expect(notes).toEqual([]);
    expect(jupyterBundle({ 'text/html': { a: 1 } })).toEqual({
      data: { 'text/html': '{ a: 1 }' },
      notes: ['text/html takes text, and was given object'],
    });
  });
});
