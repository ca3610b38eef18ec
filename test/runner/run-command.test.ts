import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const NXC = fileURLToPath(new URL('../../dist/kernel/main.cjs', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nxc-command-'));
  await mkdir(join(folder, 'tmp'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, sources: string[], tags: string[] = []): Promise<void> {
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    metadata: i ? {} : { tags },
    execution_count: null,
    outputs: [],
    source,
  }));
  await writeFile(
    join(folder, name),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  );
}

/** `nxc …` in the folder, as a person runs it without a TTY. */
function nxc(...args: string[]) {
  const child = spawn(process.execPath, [NXC, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: join(folder, 'tmp'), HOME: folder, NO_COLOR: '1' },
  });
  children.push(child);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', text => (said[name] += text));
  const status = new Promise<number | null>(resolve => child.once('close', resolve));
  return { child, said, status };
}

const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
const alive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describe('nxc run', () => {
  it('runs a notebook of TypeScript, tells each cell, and prints where notebook and report are', async () => {
    await write(
      'study.ipynb',
      ['const n: number = 1;\nlet name = "x";', 'console.log(`${name} ${n}`)'],
      ['parameters'],
    );
    const { said, status } = nxc(
      'run',
      'study.ipynb',
      '-o',
      'out/study.ipynb',
      '--html',
      'out/study.html',
      '-p',
      'n=4',
      '-p',
      'name=Ada',
    );
    expect(await status, said.stderr).toBe(0);
    expect(said.stdout).toMatch(/✔ 1\/3 {2}const n: number = 1; .*s\n✔ 2\/3 .*\n✔ 3\/3 {2}console\.log/);
    expect(said.stdout).toContain(
      `notebook: ${join(folder, 'out/study.ipynb')}\nreport: ${join(folder, 'out/study.html')}\n`,
    );
    expect((await read('out/study.ipynb')).cells[2].outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: ['Ada 4\n'] },
    ]);
    expect(await readFile(join(folder, 'out/study.html'), 'utf8')).toContain('Ada 4');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it.each([
    ['-p', 'm=1'],
    ['-p', 'n=many'],
    ['-p', 'n'],
  ])('ends with 2 when the notebook cannot take %s %s', async (...words) => {
    await write('study.ipynb', ['const n: number = 1;'], ['parameters']);
    const { said, status } = nxc('run', 'study.ipynb', ...words);
    expect(await status).toBe(2);
    expect(said.stderr).toContain(`parameter`);
    expect(await readdir(folder)).not.toContain('study.executed.ipynb');
  });

  it('ends with 1 at a failing cell, shows it and its error, and writes what ran', async () => {
    await write('study.ipynb', ['1', 'const fine = 1;\nthrow new RangeError("out of reach");', '2']);
    const { said, status } = nxc('run', 'study.ipynb');
    expect(await status).toBe(1);
    expect(said.stderr).toMatch(
      /In \[2\] failed\n +1 │ const fine = 1;\n +2 │ throw new RangeError[\s\S]*RangeError: out of reach/,
    );
    const { cells, metadata } = await read('study.executed.ipynb');
    expect(cells.map((cell: { execution_count: number | null }) => cell.execution_count)).toEqual([
      1,
      2,
      null,
    ]);
    expect(metadata.nxc.status).toBe('error');
  });

  it('ends with 130 on Ctrl-C, writes what ran and leaves no process', async () => {
    await write('study.ipynb', [
      "import { spawn } from 'node:child_process';\nconsole.log(process.pid, process.ppid, spawn('sleep', ['600'], { stdio: 'ignore' }).pid)",
      'await new Promise(() => {})',
      '3',
    ]);
    const { child, said, status } = nxc('run', 'study.ipynb', '-o', 'out.ipynb', '--html', 'out.html');
    await expect.poll(() => said.stdout, { timeout: 20_000 }).toContain('✔ 1/3');
    child.kill('SIGINT');
    expect(await status, said.stderr).toBe(130);
    expect(said.stdout).toContain('■ 2/3');
    const { cells, metadata } = await read('out.ipynb');
    const pids = cells[0].outputs[0].text[0].trim().split(' ').map(Number);
    expect(pids).toHaveLength(3);
    await expect.poll(() => pids.filter(alive)).toEqual([]);
    expect(metadata.nxc.status).toBe('interrupted');
    expect(await readFile(join(folder, 'out.html'), 'utf8')).toContain('interrupted');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('interrupts a cell that takes longer than --timeout, in any unit', async () => {
    await write('study.ipynb', ['await new Promise(() => {})']);
    const { said, status } = nxc('run', 'study.ipynb', '-o', 'out.ipynb', '--timeout', '300ms');
    expect(await status, said.stderr).toBe(1);
    expect(said.stderr).toContain('interrupted after 0.3 s');
  });

  it('explains what it cannot use, and ends with 2, as nothing was run', async () => {
    await write('study.ipynb', ['1']);
    await writeFile(join(folder, 'broken.ipynb'), '{"cells": [}');
    const failures: Array<[string[], RegExp]> = [
      [['run', 'none.ipynb'], /none\.ipynb\nfound: no such file/],
      [['run', 'broken.ipynb'], /line 1, column 12/],
      [['run', 'study.ipynb', '--timeout', 'soon'], /"soon" is not a duration\nto do: write 10s/],
      [['run', 'study.ipynb', '--server', 'localhost:8888'], /--server needs the URL/],
      [['run', 'study.ipynb', '--token', 'T'], /--token is for a Jupyter server, and none is named/],
      [['run', 'study.ipynb', '-p', 'n'], /"n" has no value/],
      [['run', 'study.ipynb', '--htlm', 'x'], /did you mean --html/],
      [['run'], /notebook/],
      [['run', 'study.ipynb', '-o', 'broken.ipynb/out.ipynb'], /cannot write .*broken\.ipynb\/out\.ipynb/],
    ];
    for (const [args, message] of failures) {
      const { said, status } = nxc(...args);
      expect(await status, args.join(' ')).toBe(2);
      expect(said.stderr, args.join(' ')).toMatch(message);
      expect(said.stderr).not.toMatch(/^ +at /m);
    }
    expect((await readdir(folder)).sort()).toEqual(['broken.ipynb', 'study.ipynb', 'tmp']);
  });
});

describe('nxc report', () => {
  it('writes the HTML beside the notebook, which stays as it is', async () => {
    await write('study.ipynb', ['1']);
    const before = await readFile(join(folder, 'study.ipynb'), 'utf8');
    const { said, status } = nxc('report', 'study.ipynb');
    expect(await status, said.stderr).toBe(0);
    expect(said.stdout).toBe(`report: ${join(folder, 'study.html')}\n`);
    expect(await readFile(join(folder, 'study.html'), 'utf8')).toContain('<title>study</title>');
    expect(await readFile(join(folder, 'study.ipynb'), 'utf8')).toBe(before);
  });
});
