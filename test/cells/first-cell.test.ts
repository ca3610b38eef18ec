import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';

const kernelIn = (cwd: string, notebook: string, file?: string) =>
  startKernel({ command: REAL_KERNEL, cwd, env: { JPY_SESSION_NAME: notebook }, ...(file ? { file } : {}) });

describe('the first cell of a new kernel', () => {
  it('says what runs in its project and how to stop it, and no other cell does', async () => {
    const cwd = await builtProject(['client', 'foo']);
    await nxc(['start', '-r', 'client=2'], { cwd });
    const kernel = await kernelIn(cwd, join(cwd, 'lab.ipynb'));
    try {
      const silent = await run(kernel.client, '1', { silent: true });
      expect(streamText(silent.outputs)).toBe('');
      const { outputs } = await run(kernel.client, '1 + 1');
      expect(streamText(outputs)).toMatch(
        /^composition::local runs already: client1, client2, foo \(run \w{8} of .*\); `%nxc stop` stops it\n$/,
      );
      expect(streamText((await run(kernel.client, '1 + 1')).outputs)).toBe('');
      expect((await run(kernel.client, '%nxc stop')).reply.status).toBe('ok');
    } finally {
      await kernel.client.shutdown();
      await kernel.stop();
    }
    const next = await kernelIn(cwd, join(cwd, 'lab.ipynb'));
    try {
      expect(streamText((await run(next.client, '1 + 1')).outputs)).toBe('');
    } finally {
      await next.client.shutdown();
      await next.stop();
    }
  });

  it('says what its notebook left elsewhere, also before a restart, and nothing of other notebooks', async () => {
    const project = await builtProject();
    const folder = await temporaryFolder();
    const first = await kernelIn(folder, '/lab/lab.ipynb');
    await run(first.client, `%cd ${project}\n%nxc start`);
    await first.client.shutdown(true);
    await first.exited;
    const other = await kernelIn(folder, '/lab/other.ipynb');
    expect(streamText((await run(other.client, '1')).outputs)).toBe('');
    await other.client.shutdown();
    await other.stop();
    for (const file of [undefined, first.file]) {
      const second = await kernelIn(folder, file ? '/elsewhere.ipynb' : '/lab/lab.ipynb', file);
      const said = streamText((await run(second.client, '1')).outputs);
      expect(said).toContain(`composition::local of ${project} runs already: foo (run `);
      const [, run_] = /`%nxc (stop --run \w{8})` stops it/.exec(said)!;
      if (file) expect((await run(second.client, `%nxc ${run_}`)).reply.status).toBe('ok');
      await second.client.shutdown(true);
      await second.exited;
      await second.stop();
    }
    expect((await nxc(['status'], { cwd: project })).stdout).toContain('nothing of');
    await first.stop();
  });
});
