import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeCell } from '../../kernel/runner/ipynb/notebook.js';
import { type RunOptions, runNotebook } from '../../kernel/runner/run-notebook.js';
import { ServerKernel } from '../../kernel/runner/server-kernel.js';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const JUPYTER = fromRoot('.venv/bin/jupyter-server');
const missing = existsSync(JUPYTER) ? '' : ' (skipped: no .venv/bin/jupyter-server; .ci/run installs it)';
const TOKEN = 'a-token-for-this-test';

describe.skipIf(missing)(`running through a Jupyter server${missing}`, () => {
  let folder: string;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nxc-server-'));
    await promisify(execFile)(process.execPath, [
      fromRoot('dist/kernel/main.cjs'),
      'kernel',
      'install',
      '--prefix',
      folder,
    ]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    server = spawn(
      JUPYTER,
      [
        '--no-browser',
        '--allow-root',
        '--ip=127.0.0.1',
        `--port=${port}`,
        `--IdentityProvider.token=${TOKEN}`,
        `--ServerApp.root_dir=${folder}`,
      ],
      {
        stdio: 'ignore',
        detached: true,
        env: {
          ...process.env,
          HOME: folder,
          JUPYTER_PATH: join(folder, 'share/jupyter'),
          JUPYTER_RUNTIME_DIR: folder,
        },
      },
    );
    while (
      !(await fetch(`${url}api/status?token=${TOKEN}`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (server.exitCode !== null) throw new Error('the Jupyter server ended');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }, 60_000);

  afterAll(async () => {
    if (server?.pid) {
      const ended = new Promise(resolve => server.once('exit', resolve));
      process.kill(-server.pid, 'SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function run(sources: string[], options: Partial<RunOptions> = {}) {
    const notebook = join(folder, 'study.ipynb');
    const cells = sources.map(source => ({
      cell_type: 'code',
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    }));
    await writeFile(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    const result = await runNotebook({
      notebook,
      output: join(folder, 'out.ipynb'),
      server: { url, token: TOKEN },
      ...options,
    });
    return { ...result, cells: result.notebook.cells as CodeCell[] };
  }

  const running = async () => (await fetch(`${url}api/kernels?token=${TOKEN}`)).json();

  it('runs the cells on the kernel it starts there, and shuts that down', async () => {
    const { status, cells } = await run(['const n: number = 20; console.log("on the server")', 'n + 1']);
    expect(status).toBe('ok');
    expect(cells[0]!.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'on the server\n' }]);
    expect(cells[1]!.outputs).toMatchObject([
      {
        output_type: 'execute_result',
        execution_count: 2,
        data: { 'text/plain': expect.stringContaining('21') },
      },
    ]);
    expect(Object.keys(cells[1]!.metadata.execution as object).sort()).toEqual([
      'iopub.execute_input',
      'iopub.status.busy',
      'iopub.status.idle',
      'shell.execute_reply',
    ]);
    const written = JSON.parse(await readFile(join(folder, 'out.ipynb'), 'utf8'));
    expect(written.metadata.nxc.server).toBe(url.slice(0, -1));
    expect(JSON.stringify(written)).not.toContain(TOKEN);
    expect(await running()).toEqual([]);
  });

  it('ends at a failing cell, and after an interrupt, with nothing left on the server', async () => {
    const failed = await run(['nobody.knows', '1']);
    expect(failed.failure?.error.ename).toBe('ReferenceError');
    const late = await run(['await new Promise(() => {})'], { timeoutMs: 500 });
    expect(late.failure?.error.ename).toBe('CellTimeout');
    const interruption = new AbortController();
    const interrupted = await run(['await new Promise(() => {})', '1'], {
      signal: interruption.signal,
      observer: { cellStarted: () => interruption.abort() },
    });
    expect(interrupted.status).toBe('interrupted');
    expect(await running()).toEqual([]);
  });

  it('gives up a kernel that never answers when it is interrupted, and leaves none of it there', async () => {
    const spec = join(folder, 'share/jupyter/kernels/mute');
    await mkdir(spec);
    const argv = [process.execPath, '-e', 'setInterval(() => {}, 1000)', '{connection_file}'];
    await writeFile(
      join(spec, 'kernel.json'),
      JSON.stringify({ argv, display_name: 'mute', language: 'none' }),
    );
    const notebook = {
      nbformat: 4 as const,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: 'mute' } },
      cells: [],
    };
    const interruption = new AbortController();
    const { signal } = interruption;
    const started = ServerKernel.start({ url, token: TOKEN, notebook, name: 'study.ipynb', signal });
    const failed = expect(started).rejects.toThrow();
    await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
    interruption.abort();
    await failed;
    expect(await running()).toEqual([]);
  });

  it("writes what Jupyter's own validator accepts", async () => {
    await run(['%env NXC_TEST=1\nconsole.log(1); console.error(2); [{ a: 1 }]', 'throw new Error("x")']);
    const check =
      'import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT), relax_add_props=False)';
    await promisify(execFile)(fromRoot('.venv/bin/python'), ['-c', check, join(folder, 'out.ipynb')]);
  });

  it('answers questions', async () => {
    const { cells } = await run(["await input('name? ')"], { ask: async prompt => `${prompt}Ada` });
    expect(cells[0]!.outputs).toMatchObject([
      { data: { 'text/plain': expect.stringContaining('name? Ada') } },
    ]);
  });

  it('ends when the server loses the kernel while its question waits for an answer', async () => {
    const { status } = await run(["await input('name? ')"], {
      timeoutMs: 2000,
      ask: async () => {
        for (const { id } of await running())
          await fetch(`${url}api/kernels/${id}?token=${TOKEN}`, { method: 'DELETE' });
        throw new Error('nobody wants to know any more');
      },
    });
    expect(status).toBe('error');
  });

  it('explains a wrong token, a kernel that is not there and a server that is not there', async () => {
    await expect(run(['1'], { server: { url, token: 'wrong' } })).rejects.toThrow(/refuses the token/);
    const other = join(folder, 'other.ipynb');
    const metadata = { kernelspec: { name: 'ncx', language: 'typescript' } };
    await writeFile(other, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [] }));
    await expect(runNotebook({ notebook: other, server: { url, token: TOKEN } })).rejects.toThrow(
      /no kernel "ncx"\ndid you mean nxc\?/,
    );
    const port = await freePort();
    await expect(run(['1'], { server: { url: `http://127.0.0.1:${port}/` } })).rejects.toThrow(
      /cannot be used/,
    );
  });
});

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
