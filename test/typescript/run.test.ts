import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { notebook, traceback } from './notebook.js';

test('a cell shows the value of its last expression and nothing for a statement', async () => {
  const { run } = notebook();
  expect((await run('1 + 1')).text).toBe('2');
  expect((await run('const x: number = 5')).text).toBeUndefined();
  expect((await run('x * 2;')).text).toBe('10');
  expect((await run('for (const i of [1]) i')).text).toBeUndefined();
  expect((await run('undefined')).text).toBeUndefined();
  expect((await run('Promise.resolve("later")')).text).toBe("'later'");
});

test('names can be declared again as anything, in any order', async () => {
  const { run } = notebook();
  const ways = (value: number) => [
    `const thing = ${value}; thing`,
    `let thing = ${value}; thing`,
    `var thing = ${value}; thing`,
    `function thing() { return ${value} }\nthing()`,
    `class thing { static v = ${value} }\nthing.v`,
    `enum thing { v = ${value} }\nthing.v`,
    `namespace thing { export const v = ${value} }\nthing.v`,
    `const { thing } = { thing: ${value} }; thing`,
    `for (var thing = 0; thing < ${value}; thing++) {}\nthing`,
    `import { sep as thing } from 'node:path'; thing.length + ${value - 1}`,
    `export const thing = ${value}; thing`,
    `export default function thing() { return ${value} }\nthing()`,
  ];
  let value = 0;
  for (let round = 0; round < 2; round++) {
    const order = round === 0 ? [...ways(0).keys()] : [...ways(0).keys()].reverse();
    for (const way of order) expect((await run(ways(++value)[way]!)).text).toBe(String(value));
  }
});

test('a function may be used before the line that declares it', async () => {
  const { run } = notebook();
  expect((await run('twice(4)\nfunction twice(n: number): number { return 2 * n }\ntwice(21)')).text).toBe(
    '42',
  );
  expect(
    (
      await run(
        'const a = 1\nasync function f() { return a }\nfunction* g() { yield a }\n[await f(), ...g()]',
      )
    ).text,
  ).toContain('1');
});

test('variables keep their values when a later cell throws, and a const that failed can be declared again', async () => {
  const { run } = notebook();
  await run('let kept = 1');
  expect((await run('kept = 2; const broken = (() => { throw new Error("no") })()')).text).toBe('Error: no');
  expect((await run('kept')).text).toBe('2');
  expect((await run('const broken = 3; broken')).text).toBe('3');
});

test('await, for await, using and await using stand at the top level', async () => {
  const { run } = notebook();
  expect((await run('const value = await Promise.resolve(7); value')).text).toBe('7');
  await run('const seen: number[] = []; async function* numbers() { yield 1; yield 2 }');
  expect((await run('for await (const n of numbers()) seen.push(n)\nseen.join()')).text).toBe("'1,2'");
  const { stdout } = await run(`
    using first = { [Symbol.dispose]() { console.log('first') } };
    await using second = { async [Symbol.asyncDispose]() { await null; console.log('second') } };
    console.log('body');`);
  expect(stdout).toBe('body\nsecond\nfirst\n');
  const failed = await run(
    'using r = { [Symbol.dispose]() { console.log("gone") } }; throw new Error("in the body")',
  );
  expect([failed.stdout, failed.text]).toEqual(['gone\n', 'Error: in the body']);
});

test('enums, namespaces, parameter properties, decorators, satisfies and JSX work', async () => {
  const { run } = notebook();
  expect((await run('enum Level { Low, High = 5 }\nLevel[5]')).text).toBe("'High'");
  expect((await run('namespace N { export const q = 3 }\nN.q satisfies number')).text).toBe('3');
  await run('function tag(target: any, key: string) { target.tags = [...(target.tags ?? []), key] }');
  expect(
    (
      await run(
        'class P { constructor(readonly n: number) {} @tag m() {} }\n[new P(4).n, (P.prototype as any).tags[0]].join()',
      )
    ).text,
  ).toBe("'4,m'");
  expect(
    (await run('const React = { createElement: (...all: unknown[]) => all.join() };\n<b>x</b>')).text,
  ).toBe("'b,,x'");
  expect((await run('{ a: 1 }')).text).toMatch(/a.*1/);
});

test('a flood of 100,000 lines arrives whole and in order', async () => {
  const { run } = notebook();
  const { stdout } = await run('for (let i = 0; i < 100_000; i++) console.log(i)');
  const lines = stdout.split('\n');
  expect(lines).toHaveLength(100_001);
  expect(lines.every((line, i) => i === 100_000 || line === String(i))).toBe(true);
});

test('late output goes to the cell that caused it', async () => {
  const { run, cells } = notebook();
  await run(
    'const { promise, release } = (() => { let release!: () => void; return { promise: new Promise<void>(r => (release = r)), release } })()',
  );
  await run(
    'void promise.then(() => { console.log("from the second cell"); display("shown by the second") }); 0',
  );
  await run('setTimeout(() => process.stderr.write("from the third cell"), 20); 0');
  await run('release(); await new Promise(r => setTimeout(r, 30)); console.log("own")');
  await vi.waitFor(() => expect(cells[2]!.stderr).toBe('from the third cell'));
  expect(cells[1]!.stdout).toBe('from the second cell\n');
  expect(cells[1]!.displays).toHaveLength(1);
  expect(cells[3]!.stdout).toBe('own\n');
});

test('an error that nobody catches is shown in the cell that caused it and kills nothing', async () => {
  const { run, cells } = notebook();
  await run('let alive = true');
  await run('setTimeout(() => { throw new Error("in a timer") }, 5); 0');
  await run('setTimeout(() => { void Promise.reject(new TypeError("a rejection")) }, 5); 0');
  await vi.waitFor(() => {
    expect(cells[1]!.stderr).toContain('in a timer');
    expect(cells[2]!.stderr).toContain('a rejection');
  });
  expect(cells[1]!.stderr).toContain('In[2]:1:26');
  expect((await run('alive')).text).toBe('true');
});

test('input asks the front-end, and its refusal is the error', async () => {
  const asked = notebook({ answer: 'answer' });
  expect((await asked.run("await input('name? ')")).text).toBe("'answer to name? '");
  expect((await asked.run("await input.password('word: ')")).text).toBe("'answer to secret word: '");
  expect((await asked.run("await prompt('who')")).text).toBe("'answer to who'");
  expect((await notebook().run("await input('name? ')")).text).toBe('Error: the front-end allows no stdin');
});

test('variables of the outside are bound, over one of the same name too', async () => {
  const { run, typescript } = notebook();
  await run('const results = 1');
  await typescript.bind('results', [{ text: "it's \u2028 `${x}`" }]);
  expect((await run('results[0].text')).text).toBe(`"it's \u2028 \`\${x}\`"`);
  expect(await typescript.evaluate('results.length')).toMatchObject({
    ok: true,
    value: { 'text/plain': '1' },
  });
  expect(await typescript.evaluate('nothing')).toMatchObject({
    ok: false,
    error: { ename: 'ReferenceError' },
  });
});

test('large values that are bound again and again take the memory of one', async () => {
  const { run, typescript } = notebook();
  const used = async () => {
    await run(
      "require('node:v8').setFlagsFromString('--expose-gc'); require('node:vm').runInNewContext('gc')()",
    );
    return Number((await run('Math.round(process.memoryUsage().heapUsed / 2 ** 20)')).text);
  };
  await typescript.bind('results', 'x'.repeat(2 ** 22));
  const before = await used();
  for (let i = 0; i < 10; i++) await typescript.bind('results', 'x'.repeat(2 ** 22));
  expect(await used()).toBeLessThan(before + 16);
});

test('the working directory and the environment of cells can be changed', async () => {
  const { run, typescript, folder } = notebook();
  expect((await run('__dirname')).text).toBe(`'${folder}'`);
  typescript.notify('cwd', '/');
  typescript.notify('env', { NXC_ONE: '1' });
  typescript.notify('env', { NXC_TWO: '2', HOME: null });
  const seen = '[process.cwd(), process.env.NXC_ONE, process.env.NXC_TWO, process.env.HOME].join()';
  expect((await run(seen)).text).toBe("'/,1,2,'");
  await run('process.exit()');
  expect((await run(seen)).text).toBe("'/,1,2,'");
});

test('a folder that is gone costs an error message, not the evaluator', async () => {
  const { run, typescript, folder, cells } = notebook();
  await run('1');
  typescript.notify('cwd', join(folder, 'gone'));
  expect((await run('process.cwd()')).text).toBe(`'${folder}'`);
  expect(cells.map(({ stderr }) => stderr).join('')).toMatch(
    /ENOENT: no such file or directory, chdir .*gone/,
  );
  rmSync(folder, { recursive: true });
  expect((await run('process.exit()')).text).toContain('EvaluatorExited');
  expect((await run('process.cwd()')).text).toBe(`'${dirname(folder)}'`);
});

test("the console has all of Node's own, and holes of an array are shown as such", async () => {
  const { run } = notebook();
  expect((await run('typeof console.Console + typeof console.profile + typeof console.timeStamp')).text).toBe(
    "'functionfunctionfunction'",
  );
  expect((await run('console.log.name')).text).toBe("'log'");
  const { text } = await run('new Array(5)');
  expect(text!.replace(/\x1b\[[\d;]*m/g, '')).toBe('[ <5 empty items> ]');
});

test('calls of the front carry the cell they come from, and errors keep their names', async () => {
  const calls: unknown[] = [];
  const { run, typescript } = notebook({
    rpc: async (method, params, { cellId }) => {
      calls.push([method, params, cellId]);
      if (method === 'driver.startAll') throw Object.assign(new RangeError('too far'), { data: { by: 3 } });
      return [{ metric: 'cpu' }];
    },
  });
  expect((await run('(await metrics.latest()).length')).text).toBe('1');
  const failed = await run('const go = () => startAll()\nawait go()');
  expect(failed.text).toBe('RangeError: too far');
  expect(calls).toEqual([
    ['metrics.latest', {}, 'cell-1'],
    ['driver.startAll', {}, 'cell-2'],
  ]);
  expect(traceback(failed)).toContain('In[2]');
  typescript.notify('globals', { machines: [{ name: 'foo', role: 'foo', identifier: 'foo' }] });
  expect((await run('machine === foo && nodes.names[0]')).text).toBe("'foo'");
  await run('process.exit()');
  expect((await run('foo.name')).text).toBe("'foo'");
});
