import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { notebook, traceback } from './notebook.js';

/** A notebook in a project with these files. */
function project(files: Record<string, string>) {
  const book = notebook();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(book.folder, path)), { recursive: true });
    writeFileSync(join(book.folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { ...book, write };
}

const esm = {
  'node_modules/modern/package.json':
    '{"name":"modern","type":"module","exports":{".":{"import":"./m.js"},"./sub":"./s.js"}}',
  'node_modules/modern/m.js':
    'export default "default"; export const named = "named"; export { named as "odd-name" }',
  'node_modules/modern/s.js': 'export const sub = "sub"',
};
const cjs = {
  'node_modules/classic/package.json': '{"name":"classic","main":"c.js"}',
  'node_modules/classic/c.js':
    'const all = {}; for (const n of ["one", "two"]) all[n] = n; module.exports = all',
};

test('static imports of an ES module: default, named, renamed, namespace, side effect, subpath', async () => {
  const { run } = project(esm);
  await run(
    "import d, { named, named as other, 'odd-name' as odd } from 'modern'; import * as all from 'modern'; import 'modern'",
  );
  await run("import { sub } from 'modern/sub'");
  expect((await run('[d, named, other, odd, all.named, sub].join()')).text).toBe(
    "'default,named,named,named,named,sub'",
  );
});

test('CommonJS packages: names that only exist at run time, default, require', async () => {
  const { run } = project(cjs);
  await run("import classic, { one } from 'classic'; import * as ns from 'classic'");
  expect((await run("[one, classic.two, ns.default.one, require('classic').two].join()")).text).toBe(
    "'one,two,one,two'",
  );
  expect((await run("require('./node_modules/classic/package.json').name")).text).toBe("'classic'");
});

test('import() in a function of a cell, import.meta, __dirname and re-exports', async () => {
  const { run, folder } = project(esm);
  await run(
    "const load = async (name: string) => (await import(name)).named; export * from 'modern'; export { load }",
  );
  expect((await run("await load('modern')")).text).toBe("'named'");
  expect((await run('[import.meta.dirname, __dirname].join()')).text).toBe(`'${folder},${folder}'`);
});

test.each(['100% done', 'a%41', 'ünlike #1?'])('files beside a notebook in the folder "%s"', async name => {
  const { run, write, folder } = project({});
  write(`${name}/own.ts`, 'export const own: string = "own"');
  await run(`process.chdir(${JSON.stringify(join(folder, name))})`);
  await run("import { own } from './own.ts'");
  expect((await run('own')).text).toBe("'own'");
});

test('types are not imported', async () => {
  const { run } = project({});
  expect(
    (await run("import type { A } from 'nowhere'; import { type B, sep } from 'node:path'; sep")).text,
  ).toBe("'/'");
});

test("the project's TypeScript files, JSON, and files without their suffix", async () => {
  const { run } = project({
    'lib/index.ts': "export { area } from './area.js'; export enum Colour { Red = 'red' }",
    'lib/area.ts': 'export function area(side: number): number { return side ** 2 }',
    'data.json': '{"rows": [1, 2, 3]}',
  });
  await run("import { area, Colour } from './lib'; import data, { rows } from './data.json'");
  expect((await run('[area(3), Colour.Red, data.rows.length, rows.length].join()')).text).toBe("'9,red,3,3'");
});

test('an edited file is imported anew, also when another file imports it, and nothing else is', async () => {
  const { run, write } = project({
    'outer.ts': "export { inner } from './inner'; export { loaded } from './still'",
    'inner.ts': 'export const inner = 1',
    'still.ts': 'export const loaded = Math.random()',
    'old.cjs': 'module.exports = { old: 1 }',
  });
  const cell =
    "import { inner, loaded } from './outer.ts'; import { old } from './old.cjs'; [inner, old].join()";
  expect((await run(cell)).text).toBe("'1,1'");
  await run('const before = loaded');
  write('inner.ts', 'export const inner = 2222');
  write('old.cjs', 'module.exports = { old: 2222 }');
  expect((await run(cell)).text).toBe("'2222,2222'");
  expect((await run('loaded === before')).text).toBe('true');
});

test('imports follow the working directory', async () => {
  const { run, typescript, folder } = project({
    'a/x.ts': "export const x = 'a'",
    'b/x.ts': "export const x = 'b'",
  });
  typescript.notify('cwd', join(folder, 'a'));
  expect((await run("import { x } from './x'; x")).text).toBe("'a'");
  typescript.notify('cwd', join(folder, 'b'));
  expect((await run("import { x } from './x'; x")).text).toBe("'b'");
});

test('what is missing is named, with what to do', async () => {
  const { run, folder } = project(esm);
  expect((await run("import x from 'absent/part'")).text).toBe(
    `Error: Cannot find the package 'absent' from ${folder}; install it there: npm install absent`,
  );
  expect((await run("import { nmaed } from 'modern'")).text).toBe(
    "SyntaxError: The module 'modern' has no export named 'nmaed'; did you mean named?",
  );
});

test('a file that is missing is told at the import, with its neighbour', async () => {
  const { run, folder } = project({ 'm.ts': 'export const m = 1', 'lib/a.mjs': "import './gone.mjs'" });
  const missing = await run("1;\nimport { m } from './M.ts'");
  expect(missing.text).toBe(`Error: Cannot find the file './M.ts' from ${folder}; did you mean './m.ts'?`);
  expect(traceback(missing)).toMatch(/\n {4}at In\[1\]:2:1\n[^@]*$/);
  expect((await run("require('./n')")).text).toContain("Cannot find the file './n' from");
  const deeper = traceback(await run("import './lib/a.mjs'"));
  expect(deeper).toMatch(/gone\.mjs' imported from .*a\.mjs\n {4}at In\[3\]:1:1/);
  expect(deeper).not.toContain('node:internal');
});

test.each(['broken.ts', 'broken.mjs'])('a syntax error in %s is told with its file and line', async file => {
  const { run } = project({ [file]: 'export const a = 1;\nexport const b = ;\n' });
  const shown = traceback(await run(`import './${file}'`));
  expect(shown).toMatch(
    new RegExp(
      `${file}:2:18: Unexpected token\\n {4}1 \\| export const a = 1;\\n {2}> 2 \\| export const b = ;\\n {6}\\| {18}\\^\\n[\\s\\S]*at In\\[1\\]:1:1`,
    ),
  );
  expect(shown).not.toContain('module-hooks');
});

test.each([
  [
    'new Worker',
    'const { Worker } = await import("node:worker_threads"); const w = new Worker(file); await new Promise((_, no) => w.once("error", no))',
  ],
  [
    'fork',
    'const { fork } = await import("node:child_process"); await new Promise(ok => fork(file).once("exit", ok))',
  ],
])(
  'a syntax error in what %s loads is shown with its line and a caret, and without frames of the kernel',
  async (_, start) => {
    const { run, folder } = project({ 'broken.mts': 'const a: number = 1;\nexport const b = (;\n' });
    const shown = await run(`const file = ${JSON.stringify(`${folder}/broken.mts`)}; ${start}`);
    const said = shown.stderr + (shown.outcome.ok ? '' : traceback(shown));
    expect(said).toMatch(
      /SyntaxError.*: .*broken\.mts:2:19: .*\n {4}1 \| const a: number = 1;\n {2}> 2 \| export const b = \(;\n {6}\| {19}\^/,
    );
    expect(said).not.toMatch(/compile\.[jt]s|module-hooks|chunks/);
  },
);

test('a module imports its neighbours by their whole names', async () => {
  const { run } = project({
    'a.mjs': "export { b } from './b.mjs'; export { c } from './c.ts'",
    'b.mjs': 'export const b = 1',
    'c.ts': 'export const c: number = 2',
  });
  expect((await run("import { b, c } from './a.mjs'; [b, c].join()")).text).toBe("'1,2'");
});

test("an error in the project's TypeScript shows the file's own line", async () => {
  const { run } = project({
    'lib.ts': 'interface A { a: string }\n\nexport function boom(a: A): never {\n  throw new Error(a.a)\n}\n',
  });
  await run("import { boom } from './lib'");
  expect(traceback(await run("boom({ a: 'x' })"))).toMatch(
    /at boom \(\.\/lib\.ts:4:9\)[\s\S]*at In\[2\]:1:1/,
  );
});
