import { expect, test } from 'vitest';
import { notebook, traceback } from './notebook.js';

test("the traceback shows the user's frames at the cell's lines, the source and a caret", async () => {
  const { run } = notebook();
  await run(
    'interface Unused { a: string }\nfunction inner(n: number): number {\n  if (n > 0) return inner(n - 1);\n  throw new RangeError(`too small`);\n}',
  );
  const failed = await run('const outer = () => inner(1);\n\nouter()');
  expect(failed.text).toBe('RangeError: too small');
  expect(traceback(failed).split('\n')).toEqual([
    'RangeError: too small',
    '    at inner (In[1]:4:9)',
    '    2 | function inner(n: number): number {',
    '    3 |   if (n > 0) return inner(n - 1);',
    '  > 4 |   throw new RangeError(`too small`);',
    '      |         ^',
    '    5 | }',
    '    at inner (In[1]:3:21)',
    '    at outer (In[2]:1:21)',
    '    at In[2]:3:1',
  ]);
});

test('lines count from the top of the cell where magics stand before the code', async () => {
  const { run } = notebook();
  expect(traceback(await run("throw new Error('x')", { firstLine: 2 }))).toMatch(
    /at In\[1\]:3:7[\s\S]*> 3 \| throw/,
  );
});

test('positions survive what is rewritten: imports, exports, var, loops, functions, astral characters', async () => {
  const { run } = notebook();
  const code = [
    "import { sep } from 'node:path'; export const n: number = 1; var v: string = '😀';",
    "for (const x of [1] as number[]) { const y: number = x; if (y) v += '😀'; later(v, y) }",
    'function later(text: string, y: number) { throw new Error(text) }',
  ].join('\n');
  const failed = traceback(await run(code));
  expect(failed).toContain('at later (In[1]:3:49)');
  expect(failed).toContain('at In[1]:2:75');
});

test('an error after an await names the functions that waited', async () => {
  const { run } = notebook();
  const failed = await run(
    "async function fetchIt() {\n  await null;\n  throw new Error('late')\n}\nawait fetchIt()",
  );
  expect(traceback(failed)).toMatch(/at fetchIt \(In\[1\]:3:9\)[\s\S]*In\[1\]:5/);
});

test('causes, collected errors and own properties are shown', async () => {
  const { run } = notebook();
  const failed = traceback(
    await run(
      "throw new AggregateError([new TypeError('one'), 'two'], 'all', { cause: Object.assign(new Error('root'), { code: 'E1' }) })",
    ),
  );
  expect(failed).toMatch(
    /AggregateError: all[\s\S]*error 1 of 2:\n {2}TypeError: one[\s\S]*error 2 of 2:\n {2}'two'[\s\S]*caused by:\n {2}Error: root[\s\S]*code: 'E1'/,
  );
});

test.each([
  ["'text'", "Uncaught: 'text'"],
  ['undefined', 'Uncaught: undefined'],
  ['{ code: 3 }', 'Uncaught: { code: 3 }'],
  ['Object.create(null)', 'Uncaught: [Object: null prototype] {}'],
])('throw %s, which is no error, is shown as what it is', async (thrown, text) => {
  expect((await notebook().run(`throw ${thrown}`)).text).toBe(text);
});

test('a syntax error has its place, also behind characters of several bytes', async () => {
  const failed = await notebook().run("const a = 1;\nconst é = '😀'; let x: = 3;");
  expect(failed.text).toBe('SyntaxError: Unexpected token (In[1]:2:24)');
  expect(traceback(failed)).toContain('> 2 | const é');
});

test('a name declared twice in one cell is a syntax error at its place', async () => {
  expect((await notebook().run('const a = 1;\nlet a = 2;')).text).toMatch(
    /^SyntaxError: .*`a` has already been declared \(In\[1\]:2:5\)$/,
  );
});

test('an error that cannot be read does no harm', async () => {
  const { run } = notebook();
  const failed = await run("throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })");
  expect(failed.text).toBe('Error: what was thrown cannot be shown: reading it throws 1');
  expect((await run('1')).text).toBe('1');
});
