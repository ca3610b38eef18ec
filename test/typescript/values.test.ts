import { expect, test } from 'vitest';
import { withPicture } from '../../kernel/cells/with-picture.js';
import { notebook } from './notebook.js';

/** The MIME bundle of a cell's value. */
async function bundle(code: string) {
  const { outcome } = await notebook().run(code);
  if (!outcome.ok) throw new Error(outcome.error.evalue);
  return outcome.value;
}

const PNG = 'Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])';

test.each([
  [
    'rows of a table',
    "[{ a: 1, b: '<i>' }]",
    { 'text/plain': 'a  b\n-  ---\n1  <i>', 'text/html': expect.stringContaining('&lt;i&gt;') },
  ],
  [
    'toMimeBundle',
    "({ async toMimeBundle() { return { 'text/html': '<b>x</b> y' } } })",
    { 'text/plain': 'x y', 'text/html': '<b>x</b> y' },
  ],
  [
    "Deno's symbol",
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*x*' }) })",
    { 'text/plain': '*x*', 'text/markdown': '*x*' },
  ],
  [
    '_repr_html_ and _repr_svg_',
    "({ _repr_html_: () => '<p>h</p>', _repr_svg_: () => '<svg/>' })",
    { 'text/plain': 'h', 'text/html': '<p>h</p>', 'image/svg+xml': '<svg/>' },
  ],
  [
    '_repr_mimebundle_',
    "({ _repr_mimebundle_: () => ({ 'text/latex': '$x$' }) })",
    { 'text/plain': '$x$', 'text/latex': '$x$' },
  ],
  ['_toHtml', "({ _toHtml: () => '<u>x</u>' })", { 'text/plain': 'x', 'text/html': '<u>x</u>' }],
  [
    'a Vega-Lite specification',
    "({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', title: 'CPU', mark: 'line' })",
    {
      'text/plain': '[Vega-Lite plot: CPU]',
      'application/vnd.vegalite.v5+json': expect.objectContaining({ mark: 'line' }),
    },
  ],
  [
    'a Vega-Lite specification of a newer version',
    "({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', title: 'CPU', mark: 'line' })",
    {
      'text/plain': '[Vega-Lite plot: CPU]',
      'application/vnd.vegalite.v5+json': {
        $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
        title: 'CPU',
        mark: 'line',
      },
    },
  ],
  [
    'what can only be a Vega-Lite specification',
    "({ mark: { type: 'bar' }, data: { values: [{ a: 1 }] }, encoding: { x: { field: 'a' } } })",
    {
      'text/plain': '[Vega-Lite plot]',
      'application/vnd.vegalite.v5+json': expect.objectContaining({
        $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
        mark: { type: 'bar' },
      }),
    },
  ],
  [
    'and one that is composed of others',
    "({ data: { values: [] }, hconcat: [{ mark: 'line' }, { layer: [{ mark: 'area' }, { mark: 'rule' }] }] })",
    { 'text/plain': '[Vega-Lite plot]', 'application/vnd.vegalite.v5+json': expect.anything() },
  ],
  ['the bytes of a PNG', PNG, { 'text/plain': '[PNG image, 8 bytes]', 'image/png': 'iVBORw0KGgo=' }],
  [
    'the bytes of an SVG',
    'Buffer.from(\'<svg xmlns="x"/>\')',
    { 'text/plain': '[SVG image, 16 bytes]', 'image/svg+xml': '<svg xmlns="x"/>' },
  ],
])('%s is shown richly, and as text', async (_, code, expected) => {
  expect(await bundle(code)).toEqual(expected);
});

test.each([
  ['new Map([[1, { a: 2 }]])', 'Map(1) { 1 => { a: 2 } }'],
  ['class Point { x = 1 }; new Point()', 'Point { x: 1 }'],
  ['new Uint8Array([1, 2])', 'Uint8Array(2) [ 1, 2 ]'],
  ["'quo\"te'", `'quo"te'`],
  ['10n ** 20n', '100000000000000000000n'],
  ['-0', '-0'],
  ['null', 'null'],
  ['[]', '[]'],
  ["Symbol('s')", 'Symbol(s)'],
])('%s is shown as text alone', async (code, text) => {
  const value = await bundle(code);
  expect(Object.keys(value!)).toEqual(['text/plain']);
  expect(value!['text/plain'].replace(/\x1b\[\d+m/g, '')).toBe(text);
});

test('an error as a value is shown with its place, and is no failure', async () => {
  expect((await bundle("new RangeError('r')"))!['text/plain']).toContain('In[1]:1:1');
});

test('a huge value is shortened', async () => {
  const text = (await bundle("Array.from({ length: 100 }, () => 'x'.repeat(20_000))"))!['text/plain'];
  expect(text.length).toBeLessThan(101_000);
  expect(text).toMatch(/more characters$/);
});

test('a value whose looks fail is an error of the cell', async () => {
  const { run } = notebook();
  expect((await run("({ toMimeBundle() { throw new Error('ugly') } })")).text).toBe('Error: ugly');
  expect((await run("({ toMimeBundle: () => 'text' })")).text).toContain(
    'must return an object of media types',
  );
});

test.each([
  ['5', 'found: 5'],
  ['null', 'found: nothing'],
  ["'ab'", 'found: "ab"'],
  ['[{ a: 1 }, 2]', 'found: 2'],
  ["new Map([['a', 1]])", 'found: ["a",1]'],
])('table of what is no rows is an error: %s', async (given, found) => {
  const { run } = notebook();
  expect((await run(`await table(${given} as any)`)).text).toContain(
    `table needs rows: objects of columns and values\n${found}\nto do: write table([`,
  );
});

test('display shows values and bundles, replaces what it showed, and clears', async () => {
  const { run } = notebook();
  const first = await run(
    "const shown = await display({ 'text/html': '<b>1</b>' }, { id: 'mine' }); await display.markdown('*m*'); await table([{ a: 1 }]); 0",
  );
  expect(first.displays.map(({ data }) => Object.keys(data))).toEqual([
    ['text/plain', 'text/html'],
    ['text/plain', 'text/markdown'],
    ['text/plain', 'text/html'],
  ]);
  expect(first.displays[0]!.displayId).toBe('mine');
  const second = await run(
    "await shown.update({ 'text/html': '<b>2</b>' }); await update('mine', 3); clearOutput({ wait: true })",
  );
  expect(second.displays).toEqual([
    { data: { 'text/plain': '2', 'text/html': '<b>2</b>' }, displayId: 'mine', update: true },
    { data: { 'text/plain': '3' }, displayId: 'mine', update: true },
  ]);
  expect(second.clears).toEqual([true]);
});

test('the front may add representations of its own', async () => {
  const { run } = notebook({ enrich: async data => ({ ...data, 'image/png': 'made' }) });
  const { outcome, displays } = await run('await display(1); 2');
  expect(outcome).toMatchObject({ value: { 'text/plain': '2', 'image/png': 'made' } });
  expect(displays[0]!.data).toMatchObject({ 'image/png': 'made' });
});

test('what is drawn slowly stays before what follows it, and what cannot be drawn is shown without', async () => {
  const order: string[] = [];
  const { run } = notebook({
    enrich: async data => {
      await new Promise(resolve => setTimeout(resolve, 30));
      order.push(data['text/plain']);
      if (data['text/plain'] === 'bad') throw new Error('no picture');
      return data;
    },
  });
  const { displays } = await run(
    "display({ 'text/plain': 'first' }); display({ 'text/plain': 'bad' }); 'value'",
  );
  expect(displays.map(({ data }) => data['text/plain'])).toEqual(['first', 'bad']);
  expect(order).toEqual(['first', 'bad', "'value'"]);
});

test.each([
  [
    'a Proxy that answers to every name',
    'new Proxy({}, { get: (_, name) => () => `called ${String(name)}` })',
    '{}',
  ],
  ['a Proxy that throws when it is read', "new Proxy({}, { get() { throw new Error('trap') } })", '{}'],
  ['a revoked Proxy', 'const gone = Proxy.revocable({}, {}); gone.revoke(); gone.proxy', '<Revoked Proxy>'],
  ['rows with a getter that throws', "[{ get x() { throw new Error('x') } }]", '[ { x: [Getter] } ]'],
  ['an object whose then throws', "({ get then() { throw new Error('then') } })", '{ then: [Getter] }'],
])('%s is shown as far as it can be', async (_, code, text) => {
  const value = await bundle(code);
  expect(value!['text/plain'].replace(/\x1b\[\d+m/g, '')).toBe(text);
});

test('a promise as a value is waited for, and so is what a library gives in its place', async () => {
  const { run } = notebook();
  expect((await run('Promise.resolve(5)')).text).toBe('5');
  expect((await run('({ then(resolve: (value: number) => void) { resolve(6) } })')).text).toBe('6');
});

test('what display showed is not shown once more as the value of the cell', async () => {
  const { run } = notebook();
  for (const code of ["display.html('<b>x</b>')", "await display('x')", "const h = await display('y'); h"]) {
    const { displays, outcome } = await run(code);
    expect({ displays: displays.length, outcome }).toEqual({ displays: 1, outcome: { ok: true } });
  }
});

test.each([
  "({ mark: 'line' })",
  "({ mark: 'Anna', data: { grade: 1 } })",
  "({ mark: 'point', data: [1, 2, 3] })",
  '({ layer: [], data: {} })',
  "({ layer: ['bottom', 'top'], data: {} })",
  "({ $schema: 'https://json-schema.org/draft/2020-12/schema', mark: 'line', data: {} })",
])('%s may be anything and is shown as an object', async code => {
  expect(Object.keys((await bundle(code))!)).toEqual(['text/plain']);
});

test.each([
  ["mark: 'lin'", 'there is no mark "lin", did you mean line?'],
  ["mark: 'line', encoding: { x: { field: 'a', type: 'quant' } }", 'Invalid field type "undefined".'],
])('a plot that cannot be drawn, %s, is shown without a picture and says why', async (wrong, reason) => {
  const { run } = notebook({ enrich: withPicture });
  const spec = `{ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', data: { values: [] }, ${wrong} }`;
  const { outcome, displays, stderr } = await run(`await display(${spec}); (${spec})`);
  expect(stderr).toBe(`there is no picture of this plot: ${reason}\n`.repeat(2));
  expect(displays[0]!.data).not.toHaveProperty('image/png');
  expect(outcome).toHaveProperty(['value', 'application/vnd.vegalite.v5+json']);
});
