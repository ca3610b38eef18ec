import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { notebook } from './notebook.js';

/** A notebook with a variable to lose, and a way to interrupt a cell once it has begun. */
async function withVariable() {
  const book = notebook();
  await book.run("import { execSync, spawnSync } from 'node:child_process'; let kept = 'kept'");
  const interrupt = async (code: string) => {
    const cell = book.start(`process.stdout.write('begun'); ${code}`);
    await vi.waitFor(() => expect(cell.shown.stdout).toContain('begun'), { timeout: 10_000, interval: 5 });
    cell.interrupt();
    return cell.done;
  };
  return { ...book, interrupt };
}

test.each([
  ['a loop', 'while (true) {}'],
  ['a loop after an await', 'await null; while (true) {}'],
  ['a loop of awaits', 'while (true) await null'],
  ['a loop that catches', 'while (true) { try { await null } catch {} }'],
  ['a loop in a timer', 'setTimeout(() => { while (true) {} }, 1); await new Promise(() => {})'],
  ['a loop after a wait', 'await new Promise(r => setTimeout(r, 5)); for (;;);'],
  ['a computation that is no loop of the cell', "/(a+)+$/.test(`${'a'.repeat(60)}b`)"],
  ['a promise that never settles', 'await new Promise(() => {})'],
  ['a loop that waits', 'while (true) await new Promise(r => setTimeout(r, 5))'],
  ['a flood of output', "while (true) console.log('x'.repeat(80))"],
  ['a program that is waited for', "execSync('sleep 100', { stdio: 'inherit' })"],
  ['a loop of programs', "for (;;) spawnSync('sleep', ['100'])"],
  ['a fetch', "await fetch('http://127.0.0.1:9', { signal }).catch(() => new Promise(() => {}))"],
])('an interrupt stops %s and keeps the variables', async (_, code) => {
  const { run, interrupt } = await withVariable();
  expect((await interrupt(code)).text).toBe('InterruptedError: interrupted');
  expect((await run('kept')).text).toBe("'kept'");
});

test('lines printed just before a long computation are seen while it computes', async () => {
  const { start } = notebook();
  const cell = start("for (let i = 1; i <= 3; i++) console.log('line', i); while (true) {}");
  await vi.waitFor(() => expect(cell.shown.stdout).toContain('line 3'), { timeout: 10_000, interval: 5 });
  cell.interrupt();
  expect((await cell.done).text).toBe('InterruptedError: interrupted');
});

test('what an interrupted cell began does not go on behind its back', async () => {
  const { run, interrupt } = await withVariable();
  await run('let turns = 0');
  await interrupt('while (true) { turns++; await new Promise(r => setTimeout(r, 2)) }');
  expect(
    (await run('const before = turns; await new Promise(r => setTimeout(r, 50)); turns - before')).text,
  ).toBe('0');
});

test('an evaluator that a busy machine keeps from running for seconds stops its cell later, and keeps the variables', async () => {
  const { run, start } = await withVariable();
  const pid = Number((await run('process.pid')).text);
  const cell = start("process.stdout.write('begun'); while (true) {}");
  await vi.waitFor(() => expect(cell.shown.stdout).toContain('begun'), { timeout: 10_000, interval: 5 });
  process.kill(pid, 'SIGSTOP');
  cell.interrupt();
  await vi.waitFor(() => expect(cell.shown.stderr).toContain('waiting up to 10 s for the code to stop'), {
    timeout: 5000,
  });
  process.kill(pid, 'SIGCONT');
  expect((await cell.done).text).toBe('InterruptedError: interrupted');
  expect((await run('kept')).text).toBe("'kept'");
});

/** A call that nothing but the end of its process ends. */
const unstoppable = "(await import('node:fs')).openSync('silent', 'r')";

test('what nothing can stop costs the variables after 10 s, and the cell says so', async () => {
  const { run, interrupt } = await withVariable();
  await run("execSync('mkfifo silent')");
  const { text, stderr } = await interrupt(unstoppable);
  expect(stderr).toContain('A second interrupt ends the evaluator at once');
  expect(text).toMatch(
    /^InterruptedError: interrupted; the TypeScript evaluator was killed, as the code had not stopped within 10 s.*variables of earlier cells are gone/,
  );
  expect((await run('typeof kept')).text).toBe("'undefined'");
}, 30_000);

test('a second interrupt ends the evaluator at once, and the cell says so', async () => {
  const { run, start, typescript } = await withVariable();
  await run("execSync('mkfifo silent')");
  const cell = start(`process.stdout.write('begun'); ${unstoppable}`);
  await vi.waitFor(() => expect(cell.shown.stdout).toContain('begun'), { timeout: 10_000, interval: 5 });
  cell.interrupt();
  // As the kernel does: the first interrupt comes twice, as the cell's and as everybody's.
  await typescript.interrupt();
  await vi.waitFor(() => expect(cell.shown.stderr).toContain('A second interrupt'), { timeout: 5000 });
  await typescript.interrupt();
  expect((await cell.done).text).toMatch(
    /was killed by the second interrupt.*variables of earlier cells are gone/,
  );
  expect((await run('typeof kept')).text).toBe("'undefined'");
});

test("user code hears of its cell's interrupt", async () => {
  const { run, cells, interrupt } = await withVariable();
  await interrupt(
    "signal.addEventListener('abort', () => console.log('heard')); await new Promise(() => {})",
  );
  await vi.waitFor(() => expect(cells.at(-1)!.stdout).toContain('heard'));
  expect((await run('signal.aborted')).text).toBe('false');
});

test('a call of the front is cancelled with its cell', async () => {
  let cancelled = false;
  const { start } = notebook({
    rpc: (_method, _params, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          cancelled = true;
          reject(signal.reason);
        });
      }),
  });
  const cell = start("process.stdout.write('begun'); await startAll()");
  await vi.waitFor(() => expect(cell.shown.stdout).toBe('begun'));
  cell.interrupt();
  expect((await cell.done).text).toBe('InterruptedError: interrupted');
  await vi.waitFor(() => expect(cancelled).toBe(true));
});

test.each([
  ['process.exit(3)', 'ended with exit code 3'],
  ['process.exit()', 'ended (process.exit was called)'],
  ["process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})", 'was killed by SIGSEGV'],
])('%s ends the evaluator, and the next cell has a new one', async (code, how) => {
  const { run } = notebook();
  await run('let kept = 1');
  const { text, stdout, stderr } = await run(`console.log('last words'); ${code}`);
  expect([stdout, stderr]).toEqual(['last words\n', '']);
  expect(text).toContain(`EvaluatorExited: the TypeScript evaluator ${how}`);
  expect(text).toContain('variables of earlier cells are gone');
  expect((await run('typeof kept')).text).toBe("'undefined'");
});

test('out of memory is an error of the cell', async () => {
  const { run } = notebook({ env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=40' } });
  const { text, stderr } = await run(
    "process.stderr.write('mine\\n'); const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(all.length))",
  );
  expect(text).toContain('EvaluatorExited: the TypeScript evaluator ran out of memory');
  expect(text).toContain('--max-old-space-size');
  expect(stderr).toBe('mine\n');
  expect((await run('1')).text).toBe('1');
});

test('the evaluator and what it started end with the kernel', async () => {
  const { run, typescript } = notebook();
  await run("import { spawn } from 'node:child_process'");
  const { text } = await run("const program = spawn('sleep', ['100']); [process.pid, program.pid].join()");
  const pids = text!.replaceAll("'", '').split(',').map(Number);
  await typescript.close();
  for (const pid of pids) await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('code that goes on when its interrupted cell is over does not keep later cells from running', async () => {
  const { run, start, folder } = notebook();
  // Of a module of the user's, in which nothing is guarded.
  writeFileSync(
    join(folder, 'endless.mjs'),
    `export async function endless(signal) {
      await new Promise(resolve => signal.addEventListener('abort', resolve));
      for (let turn = 0; turn < 100; turn++) await null;
      while (true);
    }`,
  );
  await run("import { endless } from './endless.mjs'");
  const { shown, done, interrupt } = start("console.log('begun'); await endless(signal)");
  await vi.waitFor(() => expect(shown.stdout).toBe('begun\n'));
  interrupt();
  expect((await done).text).toContain('InterruptedError');
  expect((await run('1 + 1')).text).toMatch(
    /evaluator was ended, as code of an interrupted cell did not stop; a new/,
  );
  expect((await run('1 + 1')).text).toBe('2');
});
