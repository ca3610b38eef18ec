import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';

const NODES = 20;
const warning = /Warning|--trace-warnings/;

describe(`${NODES} nodes`, () => {
  it('are run on by every verb without a warning of Node', { timeout: 120_000 }, async () => {
    const cwd = await builtProject();
    const started = await nxc(['start', '-r', `foo=${NODES}`], { cwd });
    expect(started).toMatchObject({ status: 0, stderr: '' });
    await writeFile(
      join(cwd, 'all.py'),
      'machines.succeed("true")\nfor machine in machines:\n    machine.succeed("true")\n',
    );
    const verbs = [
      ['exec', '*', '--', 'true'],
      ['exec', '*', '--to', 'out.log', '--timeout', '20s', '--', 'echo here'],
      ['logs', '*'],
      ['driver', 'all.py', '--timeout', '50s'],
      ['fault', 'pause', '*'],
      ['fault', 'resume', '*'],
      ['stop', 'foo*'],
      ['start', 'foo*'],
      ['status'],
    ];
    for (const words of verbs) {
      const { status, stderr } = await nxc(words, { cwd });
      expect([words, status, stderr]).toEqual([words, 0, expect.not.stringMatching(warning)]);
    }
    const kernel = await startKernel({ command: REAL_KERNEL, cwd });
    try {
      for (const cell of ["%%node '*'\ntrue", 'await nodes.succeed("true")', '%nxc exec "*" -- true'])
        expect((await run(kernel.client, cell)).reply.status).toBe('ok');
      expect(kernel.log()).not.toMatch(warning);
    } finally {
      await kernel.client.shutdown();
      await kernel.stop();
    }
  });
});

describe('an empty list of nodes', () => {
  it('does nothing, in a terminal, a cell and a test script', async () => {
    const cwd = await builtProject();
    await nxc(['start'], { cwd });
    const none = await nxc(['exec', '', '--', 'false'], { cwd });
    expect(none).toEqual({ status: 0, stdout: '', stderr: 'no node is meant, so nothing was run\n' });
    const stopped = await nxc(['stop', ''], { cwd });
    expect(stopped.status).toBe(0);
    expect((await nxc(['status'], { cwd })).stdout).toContain('running');
    const kernel = await startKernel({ command: REAL_KERNEL, cwd });
    try {
      const { outputs, reply } = await run(
        kernel.client,
        'const none = nodes.filter(() => false);\nconsole.log(JSON.stringify([await none.succeed("false"), await none.map(one => one.succeed("false"))]));',
      );
      expect(reply.status).toBe('ok');
      // Below what a new kernel says of what runs.
      expect(streamText(outputs)).toMatch(/^(?:.* runs already: .*\n)?\[\[\],\[\]\]\n$/);
      const cell = await run(kernel.client, '%%node {none.names} --var results\nfalse');
      expect(cell.reply.status).toBe('ok');
      expect(streamText((await run(kernel.client, 'console.log(results.length)')).outputs)).toBe('0\n');
      const mistaken = await run(kernel.client, 'await none.succed("true")');
      expect(mistaken.reply.status).toBe('error');
    } finally {
      await kernel.client.shutdown();
      await kernel.stop();
    }
  });
});
