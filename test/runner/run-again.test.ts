import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, readChildren } from '../../src/process/proc.js';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

const notebook = (cells: readonly string[]) =>
  JSON.stringify({
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: 'nxc', display_name: 'NixOS Compose', language: 'typescript' } },
    nbformat: 4,
    nbformat_minor: 5,
  });

describe('nxc run of a notebook that begins its own project', () => {
  it('passes three times in a row, after it was killed, and beside what was started in a terminal', async () => {
    const cwd = await temporaryFolder();
    const cells = [
      '%nxc init',
      '%nxc build',
      '%nxc start -r foo=2',
      "await nodes.succeed('hostname')",
      'await new Promise(done => setTimeout(done, Number(process.env.NXC_TEST_WAIT ?? 0)));',
    ];
    await writeFile(join(cwd, 'lab.ipynb'), notebook(cells));
    const args = ['run', 'lab.ipynb', '-o', 'out.ipynb'];
    const passes = async () => expect(await nxc(args, { cwd })).toMatchObject({ status: 0, stderr: '' });
    const record = join(cwd, 'nxc/deploy/composition::local.json');
    for (let time = 0; time < 3; time++) {
      await passes();
      // The kernel that started it stops it.
      expect(existsSync(record)).toBe(false);
    }
    const child = spawn(process.execPath, [EXECUTABLE, ...args], {
      cwd,
      stdio: 'ignore',
      env: { ...process.env, NXC_TEST_WAIT: '1000000' },
    });
    await until(async () => (await readFile(record, 'utf8').catch(() => '')).includes('"running"'));
    const kernels = readChildren(child.pid!);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Its kernel sees that within a second; until then the deployment is not given up.
    await until(() => kernels.every(kernel => !isAlive(kernel)));
    await passes();
    await nxc(['start', '-r', 'foo=2'], { cwd });
    await passes();
    expect(await readFile(join(cwd, 'out.ipynb'), 'utf8')).toContain(
      'from the same build, and is used as it is',
    );
    // What a terminal started stays.
    expect((await nxc(['status'], { cwd })).stdout).toMatch(/foo2 .*running/);
    expect((await nxc(['stop'], { cwd })).status).toBe(0);
  });
});
