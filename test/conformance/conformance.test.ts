import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { JAVASCRIPT_KERNEL, REAL_KERNEL } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

const PYTHON = '.venv/bin/python';
const missing = !existsSync(PYTHON);
const why = missing ? ' (skipped: no .venv, see test/conformance/requirements.txt)' : '';

/** Makes `command` a kernelspec and runs Jupyter's tests on it; gives back their report. */
async function conform(command: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const spec = {
    argv: [...command, '{connection_file}'],
    display_name: 'under test',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { supported_encryption: ['curve'] },
  };
  await mkdir(join(folder, 'kernels', 'tested'), { recursive: true });
  await writeFile(join(folder, 'kernels', 'tested', 'kernel.json'), JSON.stringify(spec));
  const env = { ...process.env, JUPYTER_PATH: folder, JUPYTER_RUNTIME_DIR: folder, IPYTHONDIR: folder };
  const history = join(folder, 'history.jsonl');
  const { stderr } = await promisify(execFile)(PYTHON, ['test/conformance/test_conformance.py'], {
    env: { ...env, NXC_HISTORY: history, NXC_TEST_KERNEL: 'tested' },
  }).catch((error: { stderr: string }) => error);
  return stderr;
}

const kernels: Array<[string, readonly string[]]> = [
  ['session and protocol alone, with JavaScript cells', JAVASCRIPT_KERNEL],
  ['the kernel', REAL_KERNEL],
];

describe.skipIf(missing)(`jupyter_kernel_test${why}`, () => {
  it.each(kernels)('passes for %s', { timeout: 180_000 }, async (_, command) => {
    const report = await conform(command);
    expect(report).toMatch(/\nOK \(skipped=1\)\n*$/);
    // The pager is a payload that the protocol has deprecated.
    expect(report.match(/skipped '.*'/g)).toEqual(["skipped 'No code page something'"]);
  });
});
