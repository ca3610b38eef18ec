import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { notebook } from './notebook.js';

/** A notebook in a folder with these files. */
function project(files: Record<string, string>) {
  const book = notebook();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(book.folder, path)), { recursive: true });
    writeFileSync(join(book.folder, path), text);
  }
  return book;
}

const square = `import { parentPort, workerData } from 'node:worker_threads';
const n: number = workerData;
parentPort!.postMessage(n * n);`;
const worker = (file: string, options = '') =>
  `import { Worker } from 'node:worker_threads'
await new Promise((done, fail) => new Worker(${file}, { workerData: 4, ${options} }).on('message', done).on('error', fail))`;

test.each([
  ['its URL', "new URL('./square.ts', import.meta.url)"],
  ['its path', "'./square.ts'"],
  ['its absolute path', "import.meta.dirname + '/square.ts'"],
])('a worker thread takes a TypeScript file by %s', async (_, file) => {
  const { run } = project({ 'square.ts': square });
  expect((await run(worker(file))).text).toBe('16');
});

test.each(['square.mts', 'square.cts', 'square.tsx'])('a worker thread takes %s', async name => {
  const { run } = project({ [name]: square });
  expect((await run(worker(`'./${name}'`))).text).toBe('16');
});

test('files of a worker thread import TypeScript files, have enums, `using` and decorators, and start threads as well', async () => {
  const { run } = project({
    'outer.ts': `import { parentPort, Worker } from 'node:worker_threads';
      import { Level, own } from './lib';
      using file = { [Symbol.dispose]() {} };
      new Worker(new URL('./square.ts', import.meta.url), { workerData: 5 }).on('message', (n: number) => parentPort!.postMessage([n, Level.High, own, import.meta.url.includes('?')].join()));`,
    'lib/index.ts': `export enum Level { Low, High }
      function plusOne(_: undefined, context: ClassFieldDecoratorContext) { return (n: number) => n + 1 }
      class Counter { @plusOne n = 1 }
      export const own: number = new Counter().n;`,
    'square.ts': square,
  });
  expect((await run(worker("'./outer.ts'"))).text).toBe("'25,1,2,false'");
});

test('an error of a worker thread says where in its TypeScript it is', async () => {
  const { run } = project({ 'wrong.ts': 'interface Gone {}\n\nthrow new Error("at line 3");' });
  const shown = await run(worker("'./wrong.ts'"));
  expect(shown.text).toBe('Error: at line 3');
  expect(JSON.stringify(shown.outcome)).toContain('wrong.ts:3:7');
});

test('a worker thread takes code as text, JavaScript or TypeScript', async () => {
  const { run } = project({});
  const code = (text: string) => worker(JSON.stringify(text), 'eval: true');
  expect((await run(code("require('worker_threads').parentPort.postMessage(1)"))).text).toBe('1');
  expect(
    (await run(code("const n: number = 2; require('worker_threads').parentPort.postMessage(n)"))).text,
  ).toBe('2');
});

test('fork runs a TypeScript file, with its arguments and messages', async () => {
  const { run } = project({
    'child.ts': `import { twice } from './twice.ts'; process.on('message', (n: number) => { process.send!([twice(n), ...process.argv.slice(2)].join()); process.disconnect() })`,
    'twice.ts': 'export const twice = (n: number) => 2 * n',
  });
  const fork = (rest: string) =>
    `import { fork } from 'node:child_process'\nawait new Promise(done => { const child = fork('./child.ts'${rest}); child.on('message', done); child.send(4) })`;
  expect((await run(fork(", ['a', 'b'], { stdio: 'inherit' }"))).text).toBe("'8,a,b'");
  expect((await run(fork(''))).text).toBe("'8'");
  expect((await run(fork(', { execArgv: [] }'))).text).toBe("'8'");
});

test('require takes TypeScript files, of both kinds of modules, and files again that changed', async () => {
  const { run, folder } = project({
    'esm.ts': "import { low } from './cjs.cts'; export const value: number = low + 1; export default 'own'",
    'cjs.cts': 'const low: number = 1; module.exports = { low }',
  });
  expect((await run("const { value, default: own } = require('./esm.ts'); [value, own].join()")).text).toBe(
    "'2,own'",
  );
  expect((await run("require('./cjs.cts').low + require('./esm').value")).text).toBe('3');
  expect((await run("import { low } from './cjs.cts'; low")).text).toBe('1');
  writeFileSync(join(folder, 'cjs.cts'), 'module.exports = { low: 1000 as number }');
  expect((await run("require('./esm.ts').value")).text).toBe('1001');
});

test('import.meta of a cell and of what it imports has url, filename, dirname and resolve, without anything of ours', async () => {
  const file =
    "export const { url, filename, dirname } = import.meta; export const found = import.meta.resolve('./other.ts')";
  const { run, folder } = project({
    'sub/own.ts': file,
    'sub/own.mjs': file,
    'sub/other.ts': '',
    'node_modules/p/package.json': '{"name":"p","exports":"./i.js"}',
    'node_modules/p/i.js': '',
  });
  const href = (path: string) => pathToFileURL(join(folder, path)).href;
  const seen = '[url, filename, dirname, found].join()';
  for (const name of ['own.ts', 'own.mjs'])
    expect((await run(`import { url, filename, dirname, found } from './sub/${name}'; ${seen}`)).text).toBe(
      `'${[href(`sub/${name}`), join(folder, 'sub', name), join(folder, 'sub'), href('sub/other.ts')].join()}'`,
    );
  expect((await run('[import.meta.url, import.meta.filename, import.meta.dirname].join()')).text).toBe(
    `'${[href('notebook.ts'), join(folder, 'notebook.ts'), folder].join()}'`,
  );
  expect(
    (
      await run(
        "[import.meta.resolve('./sub/own'), import.meta.resolve('p'), import.meta.resolve('fs')].join()",
      )
    ).text,
  ).toBe(`'${[href('sub/own.ts'), href('node_modules/p/i.js'), 'node:fs'].join()}'`);
  expect((await run("import.meta.resolve('absent')")).text).toContain("Cannot find the package 'absent'");
});
