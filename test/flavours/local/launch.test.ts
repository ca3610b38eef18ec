import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { launch } from '../../../src/flavours/local/launch.js';
import { RunFolder } from '../../../src/flavours/local/run-folder.js';
import { identify, isAlive } from '../../../src/process/proc.js';
import { until } from '../../helpers/until.js';

it('a launcher that fails while its start is being recorded is told at once, with its reason', async () => {
  const folder = new RunFolder(randomBytes(4).toString('hex'));
  folder.create();
  onTestFinished(() => folder.remove());
  // Where its channel would be.
  mkdirSync(join(folder.path, 'control'));
  const events = {
    spawned: async (pid: number) => {
      const launcher = identify(pid);
      await until(() => !launcher || !isAlive(launcher));
    },
    ready: () => {},
    booted: () => {},
  };
  const { signal } = new AbortController();
  await expect(launch(folder, ['a'], 'plain', events, signal)).rejects.toThrow(
    /the nodes cannot be started\nfound: cannot make its channel\n/,
  );
});
