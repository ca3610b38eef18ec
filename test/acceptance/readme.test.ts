import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

/** The code of the tour, block by block, with the language of each. */
function tour(): Array<{ language: string; code: string }> {
  const [, section] = /^## A tour of five minutes\n(.*?)^## /ms.exec(readFileSync('README.md', 'utf8'))!;
  return [...section!.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

describe("README's tour", () => {
  it('works word by word in a project of its own, again after a restart, and again without one', {
    timeout: 240_000,
  }, async () => {
    const cwd = await temporaryFolder();
    const cells = tour().filter(({ language }) => language !== 'console');
    expect(cells.length).toBeGreaterThanOrEqual(6);
    for (const times of [1, 2]) {
      const kernel = await startKernel({ command: REAL_KERNEL, cwd });
      try {
        for (let time = 1; time <= times; time++) {
          for (const { code } of cells) {
            const { reply } = await run(kernel.client, code.trimEnd());
            expect([code, reply.status, reply.evalue]).toEqual([code, 'ok', undefined]);
          }
        }
      } finally {
        await kernel.client.shutdown();
        await kernel.stop();
      }
    }
    expect((await nxc(['status', '--all'], { cwd })).stdout).not.toContain(cwd);
  });

  it('ends with a command that works in a clone', { timeout: 120_000 }, async () => {
    const cwd = await temporaryFolder();
    await cp('notebooks', join(cwd, 'notebooks'), { recursive: true });
    const commands = tour()
      .filter(({ language }) => language === 'console')
      .flatMap(({ code }) => code.trimEnd().split('\n'));
    expect(commands).not.toEqual([]);
    for (const command of commands) {
      const [, words] = /^\$ npx nxc (.*)$/.exec(command)!;
      // A reader waits that long; a test need not.
      const args = words!.replace('loadSeconds=20', 'loadSeconds=1').split(' ');
      expect(await nxc(args, { cwd })).toMatchObject({ status: 0, stderr: '' });
    }
  });
});
