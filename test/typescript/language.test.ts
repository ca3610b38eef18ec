import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { notebook, traceback } from './notebook.js';

const declarations = `interface Machine {
  /** Runs a command.
   * @param command what the shell gets */
  succeed(command: string): Promise<string>;
}
declare var foo: Machine;`;

/** A question that a busy machine answers too late is asked again. */
const soon = { timeout: 20_000, interval: 100 };

/** Waits until the language process answers, which takes seconds the first time. */
async function warm({ typescript }: ReturnType<typeof notebook>) {
  await vi.waitFor(
    async () => {
      const explained = await typescript.inspect('display', 3, 0);
      expect(explained).toHaveProperty('text/markdown');
    },
    { timeout: 60_000, interval: 100 },
  );
}

test('typed completion, inspection and type checks know every cell that ran and the declared globals', {
  timeout: 120_000,
}, async () => {
  const book = notebook();
  const { run, typescript } = book;
  typescript.declare(declarations);
  await run('const config = { retries: 3, name: "n" }; export enum Level { Low }');
  await run('throw new Error("no"); const config = 1');
  await run('// @ts-ignore\nimport { x } from "node:path"; 1');
  await run(
    'const lies: string = 5 as unknown as string; const wrong: string = 5; using r = { [Symbol.dispose]() {} }',
  );
  await warm(book);

  const complete = async (code: string) => (await typescript.complete(code, code.length)).matches;
  await expect.poll(() => complete('config.'), soon).toEqual(['name', 'retries']);
  expect(await complete('Level.')).toEqual(['Low']);
  expect(await complete('wrong.toUpper')).toEqual(['toUpperCase']);
  const typed = await typescript.complete('await foo.su', 'await foo.su'.length);
  expect(typed).toMatchObject({
    matches: ['succeed'],
    start: 10,
    end: 12,
    types: [{ text: 'succeed', type: 'function' }],
  });

  expect((await typescript.inspect('config', 2, 1))!['text/plain']).toContain('retries: number');
  expect((await typescript.inspect('foo.succeed', 8, 0))!['text/plain']).toContain(
    'succeed(command: string): Promise<string>',
  );
  const inArguments = "await foo.succeed('x', [config,\n ";
  for (const code of ['foo.succeed(', inArguments]) {
    expect((await typescript.inspect(code, code.length, 0))!['text/plain']).toContain('succeed(command');
  }
  expect(await typescript.inspect('(1 + ', 5, 0)).toBeUndefined();

  typescript.typecheck(true);
  const failed = await run('const a = 1;\nconst b: string = a;\nfoo.nope()', { firstLine: 1 });
  expect(failed.text).toMatch(
    /^TypeScriptError: Type 'number' is not assignable to type 'string'. \(TS2322, In\[5\]:3:7\) and 1 more$/,
  );
  expect(traceback(failed)).toMatch(/> 3 \| const b[\s\S]*TS2339[\s\S]*> 4 \| foo\.nope/);
  expect((await run('typeof b')).text).toContain('TypeScriptError');
  expect((await run('const c: number = config.retries; c')).text).toBe('3');

  // The process dies; the cells stay, and so does what it had learned.
  const pid = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'language/main.js'], {
    encoding: 'utf8',
  }).trim();
  for (const one of pid.split('\n')) process.kill(Number(one), 'SIGKILL');
  typescript.typecheck(false);
  expect((await run('config.retries')).text).toBe('3');
  await warm(book);
  await expect.poll(() => complete('config.'), soon).toEqual(['name', 'retries']);
});

test('completion knows the types of a package that has only `exports`', { timeout: 120_000 }, async () => {
  const book = notebook();
  const folder = join(book.folder, 'node_modules/modern');
  mkdirSync(folder, { recursive: true });
  const files = {
    'package.json':
      '{ "type": "module", "exports": { "./deep": { "types": "./a.d.ts", "default": "./a.js" } } }',
    'a.d.ts': 'export const answer: { forty: number; two: number };',
    'a.js': 'export const answer = { forty: 40, two: 2 };',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await warm(book);
  // What the variables hold is no help here: the cell has not run.
  const code = 'import { answer } from "modern/deep"; answer.';
  await expect
    .poll(async () => (await book.typescript.complete(code, code.length)).matches, soon)
    .toEqual(['forty', 'two']);
  await book.run('import { answer } from "modern/deep"');
  await expect
    .poll(async () => (await book.typescript.inspect('answer', 2, 0))?.['text/plain'], soon)
    .toContain('two: number');
});

test('an inspection that may wait has the types of all cells also at first, and one that is given up says nothing', async () => {
  const { run, typescript } = notebook();
  typescript.declare(declarations);
  await run('/** Twice as much. */\nfunction twice(n: number) { return 2 * n }');
  const patience = new AbortController();
  const given = typescript.inspect('twice', 5, 1, patience.signal);
  const gone = new AbortController();
  const none = typescript.inspect('noSuchName', 5, 1, gone.signal);
  gone.abort();
  expect(await none).toBeUndefined();
  expect((await given)!['text/plain']).toBe('function twice(n: number): number\n\nTwice as much.');
});

test('until the language process is ready, completion and inspection show what variables hold, and run no code', async () => {
  const { run, typescript } = notebook();
  await run(
    'let read = 0; const thing = { alpha: 1, get beta() { read++; return 2 }, gamma() {} }; const list = [{ deep: 1 }]',
  );
  const complete = async (code: string) => (await typescript.complete(code, code.length)).matches;
  expect(await complete('thing.')).toEqual(expect.arrayContaining(['alpha', 'beta', 'gamma']));
  expect(await complete('thing.al')).toEqual(['alpha']);
  expect(await complete('list[0].de')).toEqual(['deep']);
  expect(await complete('thi')).toEqual(['thing']);
  expect(await complete('thing.beta.')).toEqual([]);
  expect(await complete('read++.')).toEqual([]);
  expect(await complete('console.lo')).toEqual(['log']);
  expect((await typescript.inspect('thing', 2, 0))!['text/plain']).toBe(
    'thing: Object\nObject { alpha, beta, gamma }',
  );
  expect((await typescript.inspect('thing.gamma(1, ', 15, 0))!['text/plain']).toMatch(
    /^thing.gamma: Function/,
  );
  expect((await run('read')).text).toBe('0');
});

test('completion answers while a cell loops', async () => {
  const { start, typescript } = notebook();
  const cell = start("process.stdout.write('begun'); while (true) {}");
  await vi.waitFor(() => expect(cell.shown.stdout).toBe('begun'));
  expect(await typescript.complete('console.', 8)).toMatchObject({ start: 8, end: 8 });
  expect(await typescript.isComplete('f(')).toMatchObject({ status: 'incomplete' });
  cell.interrupt();
  await cell.done;
});

test('a cell that is interrupted while its types are checked does not run', async () => {
  const { run, start, typescript } = notebook();
  await run('let ran = false');
  typescript.typecheck(true);
  const cell = start('ran = true');
  cell.interrupt();
  expect((await cell.done).text).toBe('InterruptedError: interrupted');
  typescript.typecheck(false);
  expect((await run('ran')).text).toBe('false');
});

test('what is asked right after a change of directory is answered by the process that starts there', {
  timeout: 120_000,
}, async () => {
  const book = notebook();
  const { run, typescript } = book;
  await run('/** Adds one. */ const next = (n: number) => n + 1');
  const { signal } = new AbortController();
  for (const at of [1, 2, 3]) {
    const folder = join(book.folder, String(at));
    mkdirSync(folder);
    await run(`const in_${at} = 1`);
    typescript.notify('cwd', folder);
    expect((await typescript.inspect('next', 2, 0, signal))?.['text/plain']).toContain(
      '(n: number) => number',
    );
  }
  expect((await typescript.inspect('in_3', 2, 0, signal))?.['text/plain']).toContain('const in_3: 1');
});
