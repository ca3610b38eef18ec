import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { REAL_KERNEL, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

/** A kernel whose language process has answered, and which alone uses a folder for temporary files. */
async function kernel() {
  const temporary = await temporaryFolder();
  const started = await startKernel({ command: REAL_KERNEL, env: { TMPDIR: temporary } });
  onTestFinished(started.stop);
  const { client, process } = started;
  await until(async () => {
    const { data } = (await client.inspect('display')) as { data?: object };
    return data !== undefined && 'text/markdown' in data;
  }, 60_000);
  expect((await client.complete('display.ht')).matches).toEqual(['html']);
  const children = childrenOf(process.pid!);
  expect(children.join('\n')).toMatch(/language\/main\.js/);
  expect(children.join('\n')).toMatch(/child\/main\.cjs/);
  const left = () => ({ files: readdirSync(temporary), processes: childrenOf(process.pid!, children) });
  return { ...started, left };
}

/** `pid command` of a process's children, or of those of them that still run. */
function childrenOf(parent: number, still?: readonly string[]): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const ppid = Number(/\) . (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]);
        const child = `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
        return (still ? still.includes(child) : ppid === parent) ? [child] : [];
      } catch {
        return [];
      }
    });
}

test('a kernel that is shut down leaves no process and no temporary file', { timeout: 90_000 }, async () => {
  const { client, exited, left } = await kernel();
  await client.shutdown();
  expect(await exited).toBe(0);
  await expect.poll(left).toEqual({ files: [], processes: [] });
});

test('nor does one that is killed', { timeout: 90_000 }, async () => {
  const { exited, left, process } = await kernel();
  process.kill('SIGKILL');
  expect(await exited).toBe('SIGKILL');
  await expect.poll(left).toEqual({ files: [], processes: [] });
});
