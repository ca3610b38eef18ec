import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium, noChromium } from '../helpers/chromium.js';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

const LAB = resolve('.venv/bin/jupyter-lab');
const missing = existsSync(LAB)
  ? noChromium
  : ' (skipped: no JupyterLab in .venv, see test/conformance/requirements.txt)';

/** Starts JupyterLab on a free port with the kernel installed for it alone; gives the address with its token. */
async function startLab(folder: string): Promise<string> {
  const prefix = join(folder, 'prefix');
  const installed = await nxc(['kernel', 'install', '--prefix', prefix], { cwd: folder });
  expect(installed.status).toBe(0);
  const env = {
    ...process.env,
    HOME: folder,
    JUPYTER_PATH: join(prefix, 'share/jupyter'),
    JUPYTER_CONFIG_DIR: join(folder, 'config'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
  };
  const options = [
    '--allow-root',
    '--no-browser',
    '--port=0',
    '--ip=127.0.0.1',
    `--ServerApp.root_dir=${folder}`,
  ];
  const lab = spawn(LAB, options, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  onTestFinished(() => stop(lab));
  for await (const line of createInterface({ input: lab.stderr! })) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/lab\?token=\w+/.exec(line);
    if (address) {
      lab.stderr!.resume();
      return address[0];
    }
  }
  throw new Error('JupyterLab ended');
}

async function stop(lab: ChildProcess): Promise<void> {
  if (lab.exitCode !== null) return;
  const gone = once(lab, 'exit');
  process.kill(-lab.pid!, 'SIGTERM');
  await gone;
}

async function open(address: string, notebook: string): Promise<Page> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1300, height: 2000 } });
  await page.goto(address.replace('/lab?', `/lab/tree/${notebook}?`));
  await page.locator('.jp-Notebook').waitFor({ timeout: 60_000 });
  await page.locator('.jp-NotebookPanel-toolbar .jp-KernelName:has-text("NixOS Compose")').waitFor();
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 30_000 });
  return page;
}

/** What the menu says, until every cell has run; `times` in a row. Fails with what a cell failed with. */
async function restartAndRunAll(page: Page, times: number): Promise<void> {
  for (let time = 1; time <= times; time++) {
    await page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click();
    await page.locator('.lm-Menu-itemLabel:has-text("Restart Kernel and Run All")').click();
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    const waiting = page.locator('.jp-InputPrompt:text-is("[*]:")');
    await waiting.first().waitFor({ timeout: 60_000 });
    await expect.poll(() => waiting.count(), { timeout: 120_000, interval: 200 }).toBe(0);
    const errors = page.locator('[data-mime-type="application/vnd.jupyter.error"]');
    expect([time, await errors.allTextContents()]).toEqual([time, []]);
    expect(await page.locator('.jp-InputPrompt:text-is("[ ]:")').count()).toBe(0);
  }
}

/** A notebook of this repository, with less load: it is to run, not to measure. */
async function copyShort(notebook: string, folder: string): Promise<void> {
  const text = await readFile(join('notebooks', notebook), 'utf8');
  const short = text
    .replace('const loadSeconds = 5;', 'const loadSeconds = 1;')
    .replace('const seconds = 8;', 'const seconds = 6;');
  await writeFile(join(folder, basename(notebook)), short);
}

const others = readdirSync('notebooks', { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ipynb') && name !== 'quickstart.ipynb',
);

const cell = (source: string) => ({
  cell_type: 'code',
  metadata: {},
  execution_count: null,
  outputs: [],
  source,
});
const notebookOf = (cells: object[]) => ({
  cells,
  metadata: { kernelspec: { name: 'nxc', display_name: 'NixOS Compose' } },
  nbformat: 4,
  nbformat_minor: 4,
});

describe.skipIf(missing)(`JupyterLab${missing}`, () => {
  it('opens the notebooks of this repository without changing them', { timeout: 180_000 }, async () => {
    const folder = await temporaryFolder();
    const notebooks = (await readdir('notebooks')).filter(name => name.endsWith('.ipynb'));
    for (const name of notebooks) await copyFile(join('notebooks', name), join(folder, name));
    const address = await startLab(folder);
    for (const name of notebooks) {
      const page = await open(address, name);
      await page.locator('.lm-TabBar-tab.lm-mod-current.jp-mod-current').waitFor();
      expect(await page.locator('.jp-mod-dirty').count()).toBe(0);
    }
  });

  it('opens the quickstart, restarts and runs all its cells three times, and draws its plots', {
    timeout: 300_000,
  }, async () => {
    const folder = await temporaryFolder();
    await copyShort('quickstart.ipynb', folder);
    const page = await open(await startLab(folder), 'quickstart.ipynb');
    await restartAndRunAll(page, 3);
    expect(await page.locator('.vega-embed canvas, .vega-embed svg').count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator('td:text-is("the service comes back when it is killed")').count()).toBe(1);
  });

  it.each(others)('restarts and runs all cells of %s three times', { timeout: 400_000 }, async notebook => {
    const folder = await temporaryFolder();
    await copyShort(notebook, folder);
    await restartAndRunAll(await open(await startLab(folder), basename(notebook)), 3);
  });

  it('restarts and runs all cells three times that begin a project beside the notebook', {
    timeout: 300_000,
  }, async () => {
    const folder = await temporaryFolder();
    const cells = [
      '%nxc init -t client-server',
      '%nxc build',
      '%nxc start -r client=2',
      'await server.waitForOpenPort(9000);',
      '%%node @client --var answers\nload 20',
      'answers.length',
    ];
    await writeFile(join(folder, 'lab.ipynb'), JSON.stringify(notebookOf(cells.map(cell))));
    const page = await open(await startLab(folder), 'lab.ipynb');
    await restartAndRunAll(page, 3);
    const shown = await page.locator('.jp-OutputArea-output').allTextContents();
    expect(shown.join('\n')).toContain('composition::local runs already: client1, client2, server');
    expect(shown.join('\n')).toContain('already there: nxc/composition.nix');
    expect(shown.join('\n')).toContain('runs already, from the same build, and is used as it is');
    expect((await nxc(['stop'], { cwd: folder })).status).toBe(0);
  });

  it('completes the methods of a value and shows an error at its line', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const cells = [
      cell('const words = ["a", "b"];'),
      cell('words.toRev'),
      cell('// one\nthrow new Error("here")'),
    ];
    await writeFile(join(folder, 'small.ipynb'), JSON.stringify(notebookOf(cells)));
    const page = await open(await startLab(folder), 'small.ipynb');
    const editor = (index: number) => page.locator('.jp-CodeCell .cm-content').nth(index);
    await editor(0).click();
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-InputPrompt:text-is("[1]:")').waitFor();
    await editor(1).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    await page
      .locator('.jp-Completer-match:has-text("toReversed"), .cm-line:text-is("words.toReversed")')
      .first()
      .waitFor({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await editor(2).click();
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-OutputArea-output:has-text("In[2]:2:7")').waitFor();
  });

  it('shows dollars in a table as they are, and its title on one line', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const title = 'composition::local, run c70da6de, started today';
    const source = `await table([{ a: 'costs $5 or $6' }], { title: '${title}' });\n({ _repr_html_: () => '<p>typeset $x$</p>' })`;
    await writeFile(join(folder, 'dollars.ipynb'), JSON.stringify(notebookOf([cell(source), cell("'end'")])));
    const page = await open(await startLab(folder), 'dollars.ipynb');
    await page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click();
    await page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click();
    await page.locator('.jp-InputPrompt:text-is("[2]:")').waitFor({ timeout: 60_000 });
    await page.locator('mjx-container').first().waitFor({ timeout: 60_000 });
    expect(await page.locator('table td').allTextContents()).toEqual(['costs $5 or $6']);
    expect((await page.locator('caption').boundingBox())!.height).toBeLessThan(30);
  });
});
