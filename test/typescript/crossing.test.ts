import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/client.js';
import { notebook } from './notebook.js';

const vega = 'application/vnd.vegalite.v5+json';

/** Runs the code between two cells that have and need a variable. */
async function between(code: string) {
  const { run } = notebook();
  await run('const kept = 7');
  const shown = await run(code);
  expect((await run('kept')).text).toBe('7');
  return shown;
}

describe('a cell ends, and keeps the variables, whatever its value holds', () => {
  test('a plot with a BigInt is drawn', async () => {
    const { outcome, stderr } = await between(
      "({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar', data: { values: [{ n: 10n, v: 1 }] } })",
    );
    expect(outcome).toMatchObject({ value: { [vega]: { data: { values: [{ n: 10, v: 1 }] } } } });
    expect(stderr).toBe('');
  });

  test('a plot with values that cannot be drawn says which and how many', async () => {
    const { stderr } = await between(
      "({ mark: 'bar', data: { values: [{ v: NaN }, { v: NaN }, { v: 1 }] } })",
    );
    expect(stderr).toBe(`${vega}: data.values[].v (2 values) is NaN, not drawn\n`);
  });

  test('a circle is shown as one, by its name', async () => {
    const { outcome, stderr } = await between(`const loop: any = { a: 1 }; loop.self = loop;
      ({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'shown', 'application/json': loop }) })`);
    expect(outcome).toMatchObject({
      value: { 'text/plain': 'shown', 'application/json': { a: 1, self: '[circular]' } },
    });
    expect(stderr).toBe('application/json: self refers to what it is part of, shown as text\n');
  });

  test.each([
    ['display.json({ ms: NaN })', 'application/json: ms is NaN, shown as text'],
    ['display.json({ run() {} })', 'application/json: run is a function and left out'],
    ['display.html({})', 'text/html takes text, and was given object'],
    ["display('x', { metadata: { n: 2n ** 64n } })", 'metadata: n is beyond 2^53, shown as text'],
    ["display({ 'application/json': { get x() { throw Error('boom') } } })", 'x cannot be read: boom'],
    ['let deep: any = []; for (let i = 0; i < 1e5; i++) deep = [deep]; display.json(deep)', 'levels deep'],
    ["display({ 'text/html': Symbol('s') })", 'text/html takes text'],
  ])('%s is shown, and says what is not as it is', async (code, note) => {
    const { outcome, displays, stderr } = await between(
      `await (async () => { ${code.replace(/display\S*\(.*$/, 'await $&')} })()`,
    );
    expect(outcome).toMatchObject({ ok: true });
    expect(displays).toHaveLength(1);
    expect(stderr).toContain(note);
  });

  test('a live display says it once', async () => {
    const { displays, stderr } = await between(
      "const one = await display({ 'application/json': { v: NaN } }); for (let i = 0; i < 5; i++) await one.update({ 'application/json': { v: NaN } })",
    );
    expect(displays).toHaveLength(6);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  test.each([
    "({ toMimeBundle() { throw new Error('boom') } })",
    "({ toMimeBundle: () => new Proxy({ 'text/html': 'x' }, { ownKeys() { throw new Error('boom') } }) })",
    "({ toMimeBundle: async () => ({ get 'text/html'() { throw new Error('boom') } }) })",
  ])('what throws when it is shown is the error of its cell: %s', async code => {
    expect((await between(code)).text).toBe('Error: boom');
  });

  test.each([
    'new Proxy({}, { get() { throw Error() }, ownKeys() { throw Error() } })',
    'Object.create(null)',
    '[1n, , undefined, NaN]',
    'globalThis',
    'process',
    'new (class { get x() { throw Error() } })()',
  ])('%s is shown as text', async code => {
    expect((await between(code)).outcome).toMatchObject({
      ok: true,
      value: { 'text/plain': expect.any(String) },
    });
  });
});

describe('a call of the front', () => {
  const echo = () => notebook({ rpc: async (_method, params) => (params as { options: unknown }).options });

  test('and its answer keep what JavaScript has', async () => {
    const { run } = echo();
    const { text } = await run(`const { isDeepStrictEqual } = await import('node:util');
      const shared = { n: 1n };
      const sent: any = { nan: NaN, zero: -0, far: -Infinity, at: new Date(5), map: new Map([[shared, new Set([shared])]]),
        bytes: new Uint8Array([1]), none: undefined, error: new RangeError('x'), shared };
      sent.self = sent;
      const back: any = await plot('cpu', sent);
      [isDeepStrictEqual(back, sent), back.self === back, back.map.has(back.shared)]`);
    expect(text).toContain('true');
    expect(text).not.toContain('false');
  });

  test('with what is no data is an error that names it, at once', async () => {
    const { text } = await between("await plot('cpu', { deep: [1, { onDone: () => 1 }] })");
    expect(text).toMatch(/^CodecError: options\.deep\[1\]\.onDone is a function/);
  });

  test('plots rows of any class, as their data', async () => {
    const { run } = notebook({ rpc: async (_method, params) => (params as { rows: unknown }).rows });
    const { text } =
      await run(`class Row { constructor(readonly ms: number) {} get twice() { return this.ms * 2 } }
      class Money { toJSON() { return 5 } }
      JSON.stringify(await plot([new Row(1), { ms: new Money() }]))`);
    expect(text).toBe(`'[{"ms":1},{"ms":5}]'`);
    const { text: refused } = await run('await plot([{}, {}, {}, { onDone() {} }])');
    expect(refused).toMatch(/^CodecError: rows\[3\]\.onDone is a function/);
  });

  test('whose answer is no data ends with an error that names it', async () => {
    const { run } = notebook({ rpc: async () => ({ rows: [{ run: () => 1 }] }) });
    expect((await run("await plot('cpu')")).text).toContain('value.rows[0].run is a function');
  });

  test('whose error carries what is no data is still that error', async () => {
    const { run } = notebook({
      rpc: async () => {
        throw Object.assign(new Error('no'), { data: () => 1 });
      },
    });
    expect((await run("await plot('cpu')")).text).toContain('Error: no');
  });
});

test('a variable that is set from outside holds what it was set to', async () => {
  const { typescript, run } = notebook();
  const value = { nan: Number.NaN, big: 2n ** 70n, text: '</script>`${x}`\u2028', at: new Date(7) };
  await typescript.bind('result', value);
  expect((await run('[result.nan, result.big, result.text, result.at.getTime()].join()')).text).toBe(
    `'NaN,1180591620717411303424,</script>\`\${x}\`\u2028,7'`,
  );
  expect(decode(encode(value))).toEqual(value);
  await expect(typescript.bind('no', () => 1)).rejects.toThrow('no is a function');
  await expect(typescript.bind('a b', 1)).rejects.toThrow('a b cannot be set');
});
