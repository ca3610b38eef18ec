import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeCell, Output } from '../../kernel/runner/ipynb/notebook.js';
import { parseParameters } from '../../kernel/runner/parameters/given.js';
import { type RunOptions, runNotebook } from '../../kernel/runner/run-notebook.js';
import { subtestsOf } from '../../kernel/runner/subtests.js';
import { JAVASCRIPT_KERNEL } from '../helpers/kernel-client.js';
import { until } from '../helpers/until.js';

let folder: string;
let temporary: string;
const TMPDIR = process.env.TMPDIR;
beforeEach(async () => {
  folder = await mkdtemp(join(TMPDIR ?? '/tmp', 'nxc-runner-'));
  // A place of its own for temporary files, to see what is left there.
  temporary = await mkdtemp(join(folder, 'tmp-'));
  process.env.TMPDIR = temporary;
});
afterEach(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await rm(folder, { recursive: true, force: true });
});

type Source = string | { source: string; tags: string[] };

/** Runs cells of JavaScript on a real kernel over its sockets; the executed notebook is out/it.ipynb. */
async function run(sources: Source[], options: Partial<RunOptions> = {}) {
  const cells = sources.map(entry => {
    const { source, tags } = typeof entry === 'string' ? { source: entry, tags: [] } : entry;
    const outputs: Output[] = [{ output_type: 'stream', name: 'stdout', text: 'of an earlier run' }];
    return { cell_type: 'code', metadata: { tags }, execution_count: 99, source, outputs };
  });
  const notebook = join(folder, 'it.ipynb');
  await writeFile(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  const before = await readFile(notebook, 'utf8');
  const output = join(folder, 'out', 'it.ipynb');
  const result = await runNotebook({
    notebook,
    output,
    kernelCommand: file => [...JAVASCRIPT_KERNEL, file],
    ...options,
  });
  expect(await readFile(notebook, 'utf8')).toBe(before);
  const written = JSON.parse(await readFile(output, 'utf8'));
  return { ...result, written, cells: result.notebook.cells as CodeCell[] };
}

const textOf = (cell: CodeCell | undefined) =>
  cell?.outputs.map(output =>
    'text' in output ? output.text : 'data' in output ? output.data['text/plain'] : output.ename,
  );

const alive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describe('running a notebook', () => {
  it('fills in outputs, counts and times, merges streams and drops what an earlier run left', async () => {
    const { status, cells, written } = await run([
      'console.log(1); console.log(2); console.error(3); 4',
      '',
      'console.log("next")',
    ]);
    expect(status).toBe('ok');
    expect(cells.map(textOf)).toEqual([['1\n2\n', '3\n', '4'], [], ['next\n']]);
    expect(cells.map(cell => cell.execution_count)).toEqual([1, null, 2]);
    expect(written.cells[0]).toMatchObject({
      outputs: [
        { name: 'stdout', text: ['1\n', '2\n'] },
        { name: 'stderr' },
        { output_type: 'execute_result', execution_count: 1 },
      ],
    });
    const times = cells[0]!.metadata.execution as Record<string, string>;
    const order = [
      'iopub.status.busy',
      'iopub.execute_input',
      'iopub.status.idle',
      'shell.execute_reply',
    ].map(name => Date.parse(times[name]!));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.every(Number.isFinite)).toBe(true);
  });

  it('applies updates to the display they belong to, in whatever cell it is', async () => {
    const { cells } = await run([
      'display({ "text/plain": "old" }, { displayId: "a" }); display({ "text/plain": "other" })',
      'display({ "text/plain": "new" }, { displayId: "a", update: true })',
    ]);
    expect(cells.map(textOf)).toEqual([['new', 'other'], []]);
  });

  it('clears at once, or when the next output comes', async () => {
    const { cells } = await run([
      'console.log("gone"); clearOutput(); console.log("stays")',
      'console.log("gone"); clearOutput({ wait: true }); console.log("instead")',
      'console.log("stays"); clearOutput({ wait: true })',
    ]);
    expect(cells.map(textOf)).toEqual([['stays\n'], ['instead\n'], ['stays\n']]);
  });

  it('puts late output into the cell that caused it', async () => {
    const { cells } = await run(['setTimeout(() => console.log("late"), 50); 1', 'sleep(300).then(() => 2)']);
    expect(cells.map(textOf)).toEqual([['1', 'late\n'], ['2']]);
  });

  it('gives the kernel the folder and the name of the notebook', async () => {
    const { cells } = await run(['process.cwd()', 'process.env.JPY_SESSION_NAME']);
    expect(cells.map(textOf)).toEqual([[`'${folder}'`], [`'${join(folder, 'it.ipynb')}'`]]);
  });

  it('records machine, versions, parameters and times', async () => {
    const { written } = await run([{ source: 'var n = 1', tags: ['parameters'] }, 'n'], {
      parameters: parseParameters(['n=7']),
    });
    expect(written.cells[2].outputs[0].data['text/plain']).toEqual(['7']);
    expect(written.metadata).toMatchObject({
      nxc: {
        status: 'ok',
        parameters: { n: 7 },
        versions: { node: process.versions.node },
        host: { architecture: process.arch },
      },
      papermill: { parameters: { n: 7 }, input_path: join(folder, 'it.ipynb'), exception: null },
      kernelspec: { name: 'nxc', language: 'typescript' },
    });
    expect(Date.parse(written.metadata.nxc.ended)).toBeGreaterThanOrEqual(
      Date.parse(written.metadata.nxc.started),
    );
  });
});

describe('a cell that fails', () => {
  it('ends the run; what ran and the error are in notebook and report', async () => {
    const html = join(folder, 'report', 'it.html');
    const { status, failure, cells } = await run(
      ['console.log("before")', 'nobody.knows', 'console.log("after")'],
      { html },
    );
    expect(status).toBe('error');
    expect(failure).toMatchObject({
      cell: cells[1],
      error: { ename: 'ReferenceError', evalue: 'nobody is not defined' },
    });
    expect(cells.map(textOf)).toEqual([['before\n'], ['ReferenceError'], []]);
    expect(cells[2]!.execution_count).toBeNull();
    expect(await readFile(html, 'utf8')).toContain('nobody is not defined');
  });

  it('does not end the run when it is tagged raises-exception', async () => {
    const { status, cells } = await run([
      { source: 'throw new TypeError("on purpose")', tags: ['raises-exception'] },
      '1',
    ]);
    expect(status).toBe('ok');
    expect(cells.map(textOf)).toEqual([['TypeError'], ['1']]);
  });

  it('is interrupted when it takes too long, and says so', async () => {
    const html = join(folder, 'report.html');
    const { status, failure } = await run(['console.log("begun"); sleep(60_000)', '1'], {
      timeoutMs: 300,
      html,
    });
    expect(status).toBe('error');
    expect(failure?.error).toMatchObject({ ename: 'CellTimeout', evalue: expect.stringContaining('0.3 s') });
    // One error, and where the cell was when the kernel interrupted it.
    expect(textOf(failure?.cell)).toEqual(['begun\n', 'CellTimeout']);
    expect(failure?.error.traceback.join('\n')).toMatch(/interrupted.*CellTimeout: .*0\.3 s/s);
    expect(await readFile(html, 'utf8')).toContain('CellTimeout: the cell was interrupted after 0.3 s');
  });

  it('that blocks the kernel altogether ends with it, and the run goes to its end', async () => {
    const { status, failure, cells } = await run(['console.log(process.pid)', 'while (true);', '1'], {
      timeoutMs: 300,
    });
    expect(status).toBe('error');
    expect(failure?.error.evalue).toContain('did not react to the interrupt');
    expect(alive(Number(textOf(cells[0])![0]))).toBe(false);
  });

  it('is told from a kernel that dies', async () => {
    const { status, failure, cells } = await run([
      'console.log("begun"); console.error("x"); setTimeout(() => process.exit(3), 300); sleep(60_000)',
      '1',
    ]);
    expect(status).toBe('error');
    expect(failure?.error).toMatchObject({
      ename: 'KernelDied',
      evalue: expect.stringContaining('status 3'),
    });
    expect(textOf(cells[0])).toContain('begun\n');
    expect(cells[1]!.outputs).toEqual([]);
  });

  it('ends with its kernel also while its question waits for an answer', async () => {
    const { status, failure } = await run(['input(String(process.pid))', '1'], {
      ask: async pid => {
        process.kill(Number(pid), 'SIGKILL');
        await until(() => !alive(Number(pid)));
        throw new Error('nobody wants to know any more');
      },
    });
    expect(status).toBe('error');
    expect(failure?.error).toMatchObject({ ename: 'KernelDied', evalue: expect.stringContaining('SIGKILL') });
  });

  it('fails when it asks where nobody can answer, and gets the answer where somebody can', async () => {
    const refused = await run(['input("name? ")']);
    expect(refused.status).toBe('error');
    const questions: unknown[] = [];
    const answered = await run(['input("name? ", { password: true })'], {
      ask: async (...question) => {
        questions.push(question);
        return 'Ada';
      },
    });
    expect(textOf(answered.cells[0])).toEqual(["'Ada'"]);
    expect(questions).toEqual([['name? ', true]]);
  });
});

describe('a cell that is not to be run', () => {
  it.each([
    ['the tag skip-execution', { source: 'sleep(1e9)', tags: ['skip-execution'] }],
    ['the option line eval: false', '#| eval: false\nsleep(1e9)'],
    ['the option line tags: skip-execution', '//| tags: [skip-execution]\nsleep(1e9)'],
  ])('keeps what it shows, and its number: %s', async (_, skipped) => {
    const states: string[] = [];
    const { status, cells } = await run(['1', skipped, '2'], {
      observer: { cellEnded: (_cell, state) => states.push(state) },
    });
    expect(status).toBe('ok');
    expect(states).toEqual(['done', 'skipped', 'done']);
    expect(cells.map(textOf)).toEqual([['1'], ['of an earlier run'], ['2']]);
    expect(cells.map(cell => cell.execution_count)).toEqual([1, 99, 2]);
  });
});

const SUBTESTS = 'application/vnd.nxc.subtests+json';
/** A cell that shows these subtests, as the driver does. */
const showing = (...subtests: object[]): string =>
  `display({ 'text/plain': 'table', '${SUBTESTS}': ${JSON.stringify(subtests.map((one, id) => ({ id, depth: 0, durationMs: 1, ...one })))} });`;
const passed = { name: 'comes up', state: 'passed', points: 2 };
const failed = {
  name: 'answers',
  state: 'failed',
  points: 3,
  failure: { message: 'no answer', kind: 'assertion' },
};

describe('subtests that fail', () => {
  it('make the run one with failures, though every cell ran', async () => {
    const junit = join(folder, 'junit.xml');
    const { status, failure, notebook } = await run([showing(passed, failed), '1'], { junit });
    expect([status, failure]).toEqual(['failures', undefined]);
    expect(subtestsOf(notebook)).toMatchObject({ passed: 1, points: 2, of: 5 });
    const xml = await readFile(junit, 'utf8');
    expect(xml).toMatch(/tests="3" failures="1" errors="0"/);
    expect(xml).toContain('<failure type="assertion" message="no answer">');
  });

  it('end the run where the cell fails because of them; --allow-failures goes on', async () => {
    const sources = [`${showing(failed)} throw new Error('no answer')`, '1'];
    expect(await run(sources)).toMatchObject({
      status: 'failures',
      failure: { error: { evalue: 'no answer' } },
    });
    const allowed = await run(sources, { allowFailures: true });
    expect(allowed.status).toBe('failures');
    expect(textOf(allowed.cells[1])).toEqual(['1']);
  });

  it('are no excuse for a cell that fails for another reason', async () => {
    const { status, cells } = await run([`${showing(failed)} nobody.knows`, '1'], { allowFailures: true });
    expect(status).toBe('error');
    expect(cells[1]!.outputs).toEqual([]);
  });

  it('count by their last run: within a cell, and of a cell that stands there twice', async () => {
    const again = await run([
      showing(failed, { ...failed, state: 'passed', failure: undefined }, passed, passed),
    ]);
    expect(again.status).toBe('ok');
    // Of the same name, but neither replaces the other: both passed.
    expect(subtestsOf(again.notebook)).toMatchObject({ passed: 3, failed: [], points: 7, of: 7 });
    const twice = `globalThis.n = (globalThis.n ?? 0) + 1; if (n === 1) { ${showing(failed)} } else { ${showing(passed)} }`;
    const { status, notebook } = await run([twice, twice]);
    expect(status).toBe('ok');
    expect(subtestsOf(notebook)).toMatchObject({ passed: 1, failed: [], points: 2, of: 2 });
  });

  it('are believed of no notebook that is broken there', async () => {
    const { status } = await run([
      `display({ 'text/plain': '', '${SUBTESTS}': [{ name: 'x', state: 'failed', parent: 0 }, null] })`,
    ]);
    expect(status).toBe('ok');
  });
});

describe('what a run leaves behind', () => {
  it('is, after every cell, the notebook as far as it went', async () => {
    const output = join(folder, 'out', 'it.ipynb');
    const seen: unknown[] = [];
    await run(['1', 'console.log(2)', '3'], {
      observer: {
        cellStarted: () => {
          const { cells, metadata } = JSON.parse(readFileSync(output, 'utf8'));
          seen.push([
            metadata.nxc.status,
            ...cells.map((cell: CodeCell) => cell.outputs.length && cell.execution_count),
          ]);
        },
      },
    });
    expect(seen).toEqual([
      ['running', 0, 0, 0],
      ['running', 1, 0, 0],
      ['running', 1, 2, 0],
    ]);
    expect(await readdir(join(folder, 'out'))).toEqual(['it.ipynb']);
  });

  it('goes through a pipe once', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const read = readFile(pipe, 'utf8');
    const notebook = join(folder, 'it.ipynb');
    const cells = ['1', '2'].map(source => ({ cell_type: 'code', metadata: {}, source, outputs: [] }));
    await writeFile(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
    await runNotebook({ notebook, output: pipe, kernelCommand: file => [...JAVASCRIPT_KERNEL, file] });
    const written = JSON.parse(await read);
    expect(written.metadata.nxc.status).toBe('ok');
    expect(written.cells).toHaveLength(2);
  });

  it('is no process, no connection file and no word to a deployment that it must stay', async () => {
    const log = join(folder, 'shutdown.log');
    process.env.TEST_SHUTDOWN_LOG = log;
    try {
      const { cells } = await run([
        "console.log(process.pid, spawn('sleep', ['600'], { stdio: 'ignore' }).pid)",
        '1',
      ]);
      const [kernel, child] = textOf(cells[0])![0]!.toString().trim().split(' ').map(Number);
      expect([alive(kernel!), alive(child!)]).toEqual([false, false]);
      expect(JSON.parse(await readFile(log, 'utf8'))).toEqual({ restart: false });
      expect(await readdir(temporary)).toEqual([]);
      expect(await readdir(join(folder, 'out'))).toEqual(['it.ipynb']);
    } finally {
      delete process.env.TEST_SHUTDOWN_LOG;
    }
  });

  it('is the partial notebook when the run is interrupted', async () => {
    const interruption = new AbortController();
    const { status, cells } = await run(['console.log(process.pid)', 'sleep(60_000)', '3'], {
      signal: interruption.signal,
      observer: { cellStarted: (_cell, index) => index === 2 && setTimeout(() => interruption.abort(), 100) },
    });
    expect(status).toBe('interrupted');
    expect(cells[2]!.execution_count).toBeNull();
    expect(alive(Number(textOf(cells[0])![0]))).toBe(false);
  });

  it('is nothing when the kernel cannot be started', async () => {
    await expect(
      run(['1'], {
        kernelCommand: () => [process.execPath, '-e', 'console.error("no luck"); process.exit(4)'],
      }),
    ).rejects.toThrow(/the kernel ended with status 4\nfound: no luck/);
    await expect(run(['1'], { kernelCommand: () => ['/no/such/program'] })).rejects.toThrow(
      /could not be started/,
    );
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('a run that cannot begin', () => {
  it('says so before the first cell when the output cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(run(['1'], { output: join(folder, 'file', 'out.ipynb') })).rejects.toThrow(/cannot write/);
    await expect(run(['1'], { html: folder })).rejects.toThrow(/it is a folder/);
  });

  it('refuses a notebook for a kernel of another language', async () => {
    const notebook = join(folder, 'python.ipynb');
    const metadata = { kernelspec: { name: 'python3', language: 'python' } };
    await writeFile(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [] }));
    await expect(runNotebook({ notebook })).rejects.toThrow(/kernel of python[\s\S]*--server/);
  });
});
