import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

const words = (text: string) => text.split(/\s+/).filter(Boolean);

describe('nxc doctor', () => {
  it('gives every word of its advice, in a pipe and in a notebook', async () => {
    // Nothing is found there, so that every line is advice.
    const cwd = await temporaryFolder();
    const env = { PATH: cwd, DOCKER_HOST: `unix://${cwd}/${'no-engine-listens-here/'.repeat(6)}docker.sock` };
    const { stdout } = await nxc(['doctor'], { cwd, env });
    expect(stdout).toContain('install docker.io or docker-ce-cli: without it `nxc connect` does not work');
    expect(stdout).not.toContain('…');
    const kernel = await startKernel({ command: REAL_KERNEL, cwd, env });
    try {
      const { outputs } = await run(kernel.client, '%nxc doctor');
      const tables = outputs.flatMap(({ content }) => {
        const { data } = content as { data?: Record<string, string> };
        return data?.['text/html'] ? [data['text/plain']!] : [];
      });
      expect(tables).toHaveLength(3);
      expect(tables.join('')).not.toContain('…');
      // The same words, whatever lines they stand in.
      expect(words(tables.join('\n')).sort()).toEqual(
        expect.arrayContaining(words('without it `nxc connect` does')),
      );
    } finally {
      await kernel.client.shutdown();
      await kernel.stop();
    }
  });
});
