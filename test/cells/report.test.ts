import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

async function kernelOf(notebook: string | undefined, folder: string) {
  const kernel = await startKernel({
    command: REAL_KERNEL,
    cwd: folder,
    env: notebook === undefined ? {} : { JPY_SESSION_NAME: notebook },
  });
  onTestFinished(kernel.stop);
  return async (code: string) => {
    const { reply, outputs } = await run(kernel.client, code);
    const said = (name: string) =>
      outputs.flatMap(({ content }) => (content.name === name ? [String(content.text)] : [])).join('');
    return { reply, stdout: said('stdout'), stderr: said('stderr') };
  };
}

const saved = (printed: string) =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        id: 'a',
        metadata: {},
        execution_count: 1,
        source: 'print()',
        outputs: [{ output_type: 'stream', name: 'stdout', text: printed }],
      },
    ],
  });

it('%nxc report makes a page of the saved file of the notebook, and says when the file is older than the session', async () => {
  const folder = await temporaryFolder();
  const notebook = join(folder, 'my study.ipynb');
  await writeFile(notebook, saved('OLD'));
  const cell = await kernelOf(notebook, folder);
  // Wherever the cells are by now.
  await cell('%cd /');
  const old = await cell('%nxc report');
  expect(old.stdout).toBe(`report: ${join(folder, 'my study.html')}\n`);
  expect(old.stderr).toMatch(/my study\.ipynb \(saved at [\d:]+\) holds nothing of this session/);
  expect(await readFile(join(folder, 'my study.html'), 'utf8')).toContain('OLD');

  await writeFile(notebook, saved('NEW'));
  const fresh = await cell('%nxc report');
  expect(fresh.stderr).toBe('');
  expect(await readFile(join(folder, 'my study.html'), 'utf8')).toContain('NEW');
  await until(async () => /was saved before In\[\d+\] ended/.test((await cell('%nxc report')).stderr));
});

it('%nxc report takes a file, and says what to do where the front-end names none', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'other.ipynb'), saved('OTHER'));
  const cell = await kernelOf(undefined, folder);
  expect((await cell('%nxc report')).reply).toMatchObject({
    status: 'error',
    evalue: expect.stringContaining('name it: %nxc report NOTEBOOK.ipynb'),
  });
  const { stdout, stderr } = await cell('%nxc report other.ipynb -o page.html');
  expect([stdout, stderr]).toEqual([`report: ${join(folder, 'page.html')}\n`, '']);
  expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain('OTHER');
  // From TypeScript, too.
  expect((await cell("await nxc.run('report', 'other.ipynb')")).reply.status).toBe('ok');
});

it('%nxc report says what to do where the file of the notebook is not there', async () => {
  const folder = await temporaryFolder();
  const cell = await kernelOf(join(folder, 'renamed since.ipynb'), folder);
  expect((await cell('%nxc report')).reply).toMatchObject({
    status: 'error',
    evalue: expect.stringMatching(/no .*renamed since\.ipynb\nto do: save the notebook; if it was renamed/),
  });
});

it('%nxc report in a notebook that nxc run executes makes a page of what ran so far', async () => {
  const folder = await temporaryFolder();
  const notebook = JSON.parse(saved('OLD'));
  const cell = (id: string, source: string) => ({ ...notebook.cells[0], id, source, outputs: [] });
  notebook.cells = [cell('a', "'N' + 'EW'"), cell('b', '%nxc report'), cell('c', '1')];
  await writeFile(join(folder, 'study.ipynb'), JSON.stringify(notebook));
  const { status, stderr } = await nxc(['run', 'study.ipynb', '-o', 'out: 1.ipynb'], { cwd: folder });
  expect(status, stderr).toBe(0);
  expect(await readFile(join(folder, 'out: 1.html'), 'utf8')).toContain('NEW');
  const { cells } = JSON.parse(await readFile(join(folder, 'out: 1.ipynb'), 'utf8'));
  expect(cells[1].outputs).toEqual([
    { output_type: 'stream', name: 'stdout', text: [`report: ${join(folder, 'out: 1.html')}\n`] },
  ]);
});
