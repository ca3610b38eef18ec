import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

it.each(['basic', 'webserver', 'client-server'])(
  'template %s builds, starts, passes its test and stops, also below a folder with spaces and quotes',
  { timeout: 120_000 },
  async template => {
    const cwd = join(await temporaryFolder(), `it's "my" project é`);
    await mkdir(cwd);
    const env = { XDG_CACHE_HOME: await temporaryFolder() };
    onTestFinished(async () => void (await nxc(['stop'], { cwd, env })));
    for (const words of [['init', '-t', template], ['build'], ['start'], ['driver', '-t'], ['stop']]) {
      const { status, stderr } = await nxc(words, { cwd, env });
      expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: '' });
    }
  },
);

it('more nodes than a machine can bear are refused at once', async () => {
  const cwd = await temporaryFolder();
  await nxc(['init'], { cwd });
  await nxc(['build'], { cwd });
  const { status, stderr } = await nxc(['start', '-r', 'foo=100000'], { cwd });
  expect(status).toBe(1);
  expect(stderr).toContain('100000 nodes cannot run on one machine');
  expect((await nxc(['status'], { cwd })).stdout).toContain('nothing of');
});
