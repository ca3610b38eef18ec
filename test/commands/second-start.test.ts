import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runtimeOf } from '../../src/flavours/local/runtime.js';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

/** A project with one role, built; `unit` is the script of a service. */
async function project(unit = 'sleep infinity'): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'nxc.json'), '{}\n');
  onTestFinished(async () => void (await nxc(['stop'], { cwd })));
  await build(cwd, unit);
  return cwd;
}

async function build(cwd: string, unit: string): Promise<void> {
  await writeFile(
    join(cwd, 'composition.nix'),
    `{ ... }: { roles.foo = { systemd.services.web = { wantedBy = [ "multi-user.target" ]; script = "${unit}"; }; }; }\n`,
  );
  expect((await nxc(['build'], { cwd })).status).toBe(0);
}

const recordOf = async (cwd: string): Promise<DeploymentRecord['x-nxc']> =>
  JSON.parse(await readFile(join(cwd, 'deploy/composition::local.json'), 'utf8'))['x-nxc'];
const runOf = async (cwd: string) => (await recordOf(cwd)).run;

describe('nxc start of what runs already', () => {
  it('uses what is of the same build, and says so', async () => {
    const cwd = await project();
    await nxc(['start', '-r', 'foo=2', '-p', 'rate=5'], { cwd });
    const before = await runOf(cwd);
    await nxc(['exec', 'foo1', '--', 'touch /root/mark'], { cwd });
    const again = await nxc(['start', '-r', 'foo=2', '-p', 'rate=5'], { cwd });
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(again.stdout).toContain(
      `composition::local runs already, from the same build, and is used as it is: run ${before} of `,
    );
    expect(again.stdout).toMatch(/foo2 .*running/);
    expect(await runOf(cwd)).toBe(before);
    expect((await nxc(['exec', 'foo1', '--', 'test -e /root/mark'], { cwd })).status).toBe(0);
  });

  it('restarts what is of another build and names what ran, unless it is to be kept', async () => {
    const cwd = await project();
    await nxc(['start'], { cwd });
    const before = await runOf(cwd);
    await build(cwd, 'sleep 1000');
    const kept = await nxc(['start', '--keep'], { cwd });
    expect(kept).toMatchObject({ status: 0, stderr: '' });
    expect(kept.stdout).toContain('runs already and is kept, although it is of another build\n');
    expect(await runOf(cwd)).toBe(before);
    const restarted = await nxc(['start'], { cwd });
    expect(restarted).toMatchObject({ status: 0, stderr: '' });
    expect(restarted.stdout).toContain('runs already and is restarted: it is of another build\n');
    expect(restarted.stdout).toContain(`what ran: run ${before} of `);
    const after = await runOf(cwd);
    expect(after).not.toBe(before);
    expect((await nxc(['start', '--restart'], { cwd })).status).toBe(0);
    expect(await runOf(cwd)).not.toBe(after);
  });

  it.each([
    [['-r', 'foo=3'], 'role foo has foo, not foo1 foo2 foo3'],
    [['-r', 'foo=other'], 'role foo has foo, not other'],
    [['-p', 'rate=5'], 'its parameters are {}, not {"rate":5}'],
  ])('restarts it for %s, as it has other nodes or parameters', async (words, why) => {
    const cwd = await project();
    await nxc(['start'], { cwd });
    const { stdout, status } = await nxc(['start', ...words], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain(`runs already and is restarted: ${why}\n`);
  });

  it.each([
    ['-r', 'foo=1001', '1001 nodes cannot run on one machine'],
    ['-r', 'foo=999999999', 'role "foo" cannot have 999999999 nodes'],
    ['-r', 'foo=0', 'no role has a node'],
    ['-r', 'fo=2', 'the composition has no role "fo"'],
  ])('leaves it alone when %s %s cannot be started, with --restart as well', async (...words) => {
    const problem = words.pop()!;
    const cwd = await project();
    await nxc(['start'], { cwd });
    const before = await runOf(cwd);
    for (const more of [[], ['--restart']]) {
      const { status, stdout, stderr } = await nxc(['start', ...words, ...more], { cwd });
      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toContain(problem);
    }
    expect(await runOf(cwd)).toBe(before);
    expect((await nxc(['exec', 'foo', '--', 'true'], { cwd })).status).toBe(0);
  });

  it('undoes faults that an earlier run left, and leaves them with --keep', async () => {
    const cwd = await project();
    await nxc(['start', '-r', 'foo=3'], { cwd });
    await nxc(['fault', 'kill', 'foo1'], { cwd });
    await nxc(['fault', 'pause', 'foo2'], { cwd });
    await writeFile(join(cwd, 'block.py'), 'foo3.block()\n');
    await nxc(['driver', 'block.py'], { cwd });
    expect((await nxc(['start', '-r', 'foo=3', '--keep'], { cwd })).stdout).toMatch(
      /foo1 .* off.*foo2 .* paused/s,
    );
    const { stdout, status } = await nxc(['start', '-r', 'foo=3'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('faults of before are undone: resumed foo2; booted foo1; plugged in foo3');
    expect((await nxc(['exec', '*', '--', 'true'], { cwd })).status).toBe(0);
  });

  it('starts again what has died, of a start that was killed as well', async () => {
    const cwd = await project();
    await nxc(['start'], { cwd });
    const record = JSON.parse(await readFile(join(cwd, 'deploy/composition::local.json'), 'utf8'));
    process.kill(runtimeOf(record).launcher!.pid, 'SIGKILL');
    await until(async () => (await nxc(['status'], { cwd })).stdout.includes('is dead'));
    const { stdout, status } = await nxc(['start'], { cwd });
    expect(stdout).toContain('composition::local has died, all of its nodes are gone: it is started again\n');
    expect(status).toBe(0);
    await nxc(['stop'], { cwd });
    const child = spawn(process.execPath, [EXECUTABLE, 'start', '-r', 'foo=4'], { cwd, stdio: 'ignore' });
    await until(() =>
      recordOf(cwd).then(
        () => true,
        () => false,
      ),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await nxc(['start'], { cwd })).status).toBe(0);
  });

  it('uses what another start brings up at the same moment', async () => {
    const cwd = await project();
    const starts = await Promise.all([1, 2, 3].map(() => nxc(['start', '-r', 'foo=2'], { cwd })));
    expect(starts.map(({ status, stderr }) => [status, stderr])).toEqual(starts.map(() => [0, '']));
    const runs = starts.map(({ stdout }) => /composition::local, run (\w+)/.exec(stdout)![1]);
    expect(new Set(runs).size).toBe(1);
  });
});

describe('units that failed', () => {
  it('make start fail, but for --wait-units=no; the nodes run all the same', async () => {
    const cwd = await project('exit 3');
    const failed = await nxc(['start'], { cwd });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(
      /^foo is degraded: 1 unit failed: web\.service .*\nto do: .*--wait-units=no/,
    );
    const before = await runOf(cwd);
    const accepted = await nxc(['start', '--wait-units=no'], { cwd });
    expect(accepted.status).toBe(0);
    expect(await runOf(cwd)).toBe(before);
    expect((await nxc(['stop', 'foo'], { cwd })).status).toBe(0);
    // Of a single node, too, although its program fails after the boot.
    const single = await nxc(['start', 'foo'], { cwd });
    expect(single.status).toBe(1);
    expect(single.stdout).toContain('web.service failed on foo; the end of its log:\n');
    expect(single.stderr).toContain('foo is degraded: 1 unit failed: web.service');
    expect((await nxc(['start', 'foo'], { cwd })).status).toBe(1);
    expect((await nxc(['start', 'foo', '--wait-units=no'], { cwd })).status).toBe(0);
    // A unit that an earlier run broke is no reason for the next one to fail.
    await build(cwd, 'test -e /broken && exit 3; sleep infinity');
    expect((await nxc(['start'], { cwd })).status).toBe(0);
    await nxc(['exec', 'foo', '--', 'touch /broken; systemctl restart web || true'], { cwd });
    await until(async () => (await nxc(['status'], { cwd })).stdout.includes('degraded'));
    const again = await nxc(['start'], { cwd });
    expect(again.stdout).toContain('is restarted: foo is degraded (1 unit failed: web.service)');
    expect(again.status).toBe(0);
    expect((await nxc(['start', '--wait-units=maybe'], { cwd })).status).toBe(2);
  });

  it('are the error of the cell in a notebook', async () => {
    const cwd = await project('exit 3');
    const kernel = await startKernel({ command: REAL_KERNEL, cwd });
    try {
      const { reply } = await run(kernel.client, '%nxc start');
      expect(reply).toMatchObject({ status: 'error', ename: 'DeploymentError' });
      expect(String(reply.evalue)).toContain('web.service');
      expect((await run(kernel.client, '%nxc start --wait-units=no')).reply.status).toBe('ok');
    } finally {
      await kernel.client.shutdown();
      await kernel.stop();
    }
  });
});

describe('a notebook whose kernel was killed', () => {
  const kernelOf = (cwd: string, notebook: string) =>
    startKernel({ command: REAL_KERNEL, cwd, env: { JPY_SESSION_NAME: join(cwd, notebook) } });

  it('goes on with what that kernel started, and stops it at the end; another notebook does not', async () => {
    const cwd = await project();
    const first = await kernelOf(cwd, 'lab.ipynb');
    expect((await run(first.client, '%nxc start')).reply.status).toBe('ok');
    const before = await runOf(cwd);
    await first.stop();
    const other = await kernelOf(cwd, 'other.ipynb');
    const used = await run(other.client, '%nxc start');
    expect(streamText(used.outputs)).toMatch(new RegExp(`run ${before} of .* by lab.ipynb`));
    await other.client.shutdown();
    await other.stop();
    expect(await runOf(cwd)).toBe(before);
    const second = await kernelOf(cwd, 'lab.ipynb');
    expect((await run(second.client, '%nxc start')).reply.status).toBe('ok');
    expect((await run(second.client, 'await foo.succeed("hostname")')).reply.status).toBe('ok');
    await second.client.shutdown();
    await second.stop();
    await expect(runOf(cwd)).rejects.toThrow('ENOENT');
  });
});
