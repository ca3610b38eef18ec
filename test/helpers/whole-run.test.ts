import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const VITEST = 'node_modules/vitest/vitest.mjs';

/** A run of tests that leave deployments; with those that its end told of. */
async function uncleanRun(name: string) {
  const words = [VITEST, 'run', '--root=.', '--config=test/fixtures/unclean/vitest.config.ts', '-t', name];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const told = [...stderr.matchAll(/^ {2}deployment (\S*nxc-vitest-\S+)\/nxc-\d+\/(\w+)$/gm)];
  return { status, told: told.map(([, root, run]) => ({ root: root!, run: run! })) };
}

const knows = (pid: string, run: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`NXC_DEPLOYMENT=${run}`);
  } catch {
    return false;
  }
};

describe('a run of the tests', () => {
  it.each(['passes', 'fails', 'times out', 'loses its worker'])(
    'ends the deployment of a test that %s, tells it, and fails',
    async name => {
      const { status, told } = await uncleanRun(name);
      expect(status).toBe(1);
      expect(told).toHaveLength(1);
      const { root, run } = told[0]!;
      expect(existsSync(root)).toBe(false);
      expect(readdirSync('/proc').filter(pid => knows(pid, run))).toEqual([]);
    },
  );
});
