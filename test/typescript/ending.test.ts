import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';
import { notebook } from './notebook.js';

const imports = "import fs from 'node:fs';";
const LOCK = `${imports} fs.writeFileSync('lock.tmp', 'taken'); process.on('exit', () => fs.unlinkSync('lock.tmp')); 'registered'`;
/** Writes down what happens, in order. */
const note = (text: string) => `fs.appendFileSync('order.txt', '${text} ')`;

test.each([
  ['shut down', 'shutdown'],
  ['restarted', 'restart'],
  ['ended by SIGTERM', 'SIGTERM'],
  ['ended by SIGHUP', 'SIGHUP'],
] as const)('code of cells cleans up when the kernel is %s', async (_, how) => {
  const folder = await temporaryFolder();
  const kernel = await startKernel({ command: REAL_KERNEL, cwd: folder });
  onTestFinished(kernel.stop);
  expect((await run(kernel.client, LOCK)).reply.status).toBe('ok');
  expect(existsSync(join(folder, 'lock.tmp'))).toBe(true);
  if (how === 'shutdown' || how === 'restart') await kernel.client.shutdown(how === 'restart');
  else kernel.process.kill(how);
  expect(await kernel.exited).toBe(0);
  expect(existsSync(join(folder, 'lock.tmp'))).toBe(false);
});

/** What `order.txt` holds when the notebook with these cells was closed. */
async function order(...cells: string[]): Promise<string> {
  const { run: cell, typescript, folder } = notebook();
  for (const code of [imports, ...cells]) expect((await cell(code)).outcome.ok).toBe(true);
  await typescript.close();
  return (await readFile(join(folder, 'order.txt'), 'utf8').catch(() => '')).trim();
}

test('listeners of SIGTERM come first, then those of beforeExit with what they begin, then those of exit', async () => {
  expect(
    await order(
      `process.on('exit', code => { ${note('exit')}; fs.appendFileSync('order.txt', String(code)) })`,
      `process.on('beforeExit', async () => { await new Promise(done => setTimeout(done, 30)); ${note('awaited')} })`,
      `process.once('beforeExit', () => { setTimeout(() => { ${note('later')} }, 60) })`,
      `process.on('SIGTERM', () => { ${note('asked')} })`,
    ),
  ).toBe('asked awaited later exit 0');
});

test('a listener that fails keeps no other from its turn', async () => {
  expect(
    await order(
      `process.on('beforeExit', () => { throw new Error('first') }); process.on('beforeExit', () => { ${note('second')} })`,
      `process.on('beforeExit', () => new Promise(() => {}))`,
      `process.on('exit', () => { ${note('exit')} })`,
    ),
  ).toBe('second exit');
});

test('what runs for ever, a timer or a server, is not waited for', async () => {
  expect(
    await order(
      `import { createServer } from 'node:net'; createServer().listen(0); setInterval(() => {}, 1000)`,
      `process.on('exit', () => { ${note('exit')} })`,
    ),
  ).toBe('exit');
});

test('an exit that a cell asks for runs them as well, and code that asks for its exit code gets it', async () => {
  const { run: cell, folder } = notebook();
  await cell(`${imports} process.on('exit', code => fs.writeFileSync('code.txt', String(code)))`);
  expect((await cell('process.exit(3)')).text).toContain('ended with exit code 3');
  expect(await readFile(join(folder, 'code.txt'), 'utf8')).toBe('3');
});

test('a busy process of cells is not waited for', async () => {
  const { run: cell, start, typescript, folder } = notebook();
  await cell(LOCK);
  const busy = start('for (;;);');
  await typescript.close();
  expect((await busy.done).outcome.ok).toBe(false);
  expect(existsSync(join(folder, 'lock.tmp'))).toBe(true);
});

test('programs that cells started are asked to end before they are killed', async () => {
  expect(
    await order(
      `import { spawn } from 'node:child_process'; const program = spawn('bash', ['-c', 'trap "echo asked >> order.txt; exit" TERM; echo; while :; do sleep 0.05; done'], { stdio: ['ignore', 'pipe', 'ignore'] }); await new Promise(ready => program.stdout.once('data', ready))`,
    ),
  ).toBe('asked');
});

test('a program that does not end when it is asked is killed', { timeout: 20_000 }, async () => {
  const { run: cell, typescript } = notebook();
  const { text } = await cell(
    `import { spawn } from 'node:child_process'; const stubborn = spawn('bash', ['-c', 'trap "" TERM; echo; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] }); await new Promise(ready => stubborn.stdout.once('data', ready)); stubborn.pid`,
  );
  await typescript.close();
  await until(async () => !existsSync(`/proc/${text}/cwd`));
});

test('what code writes at its end is shown, all of it', async () => {
  const { run: cell, typescript, cells } = notebook();
  await cell(`process.on('exit', () => { for (let i = 0; i < 100; i++) console.log('bye', i) })`);
  await typescript.close();
  expect(cells.at(-1)!.stdout.trim().split('\n')).toHaveLength(100);
  expect(cells.at(-1)!.stdout).toContain('bye 99');
});
