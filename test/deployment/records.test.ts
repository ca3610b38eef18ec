import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readBuild } from '../../src/composition/compose-info.js';
import { createManager } from '../../src/deployment/manager.js';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { loadFlavour } from '../../src/flavours/registry.js';
import { firstHome } from '../../src/flavours/runtime-home.js';
import { JobBoard } from '../../src/jobs/board.js';
import { identify } from '../../src/process/proc.js';
import { nxc } from '../helpers/executable.js';
import { REAL_KERNEL, startKernel } from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

// `clean` removes what no record knows, as what other tests are just starting.
process.env.NXC_RUNTIME_ROOT = mkdtempSync(join(dirname(firstHome()), 'records-'));

const jobs = () => new JobBoard(new AbortController().signal);
const fileOf = (project: string) => join(project, 'deploy/composition::local.json');
const recordOf = async (project: string) =>
  JSON.parse(await readFile(fileOf(project), 'utf8')) as DeploymentRecord;
const runsOf = async (project: string) =>
  (await (await loadFlavour('local')).leftovers())
    .filter(leftover => leftover.project === project)
    .map(({ run }) => run);

/** A started project in a folder that the test may move. */
async function startedProject(): Promise<string> {
  const project = await builtProject();
  expect(await nxc(['start'], { cwd: project })).toMatchObject({ status: 0 });
  return project;
}

/** Ends what runs of a project whatever the test did to its record. */
function endAfter(run: string): void {
  onTestFinished(async () => {
    const left = (await (await loadFlavour('local')).leftovers()).find(leftover => leftover.run === run);
    await left?.remove();
  });
}

async function change(project: string, changes: Partial<DeploymentRecord['x-nxc']>): Promise<void> {
  const record = await recordOf(project);
  await writeFile(
    fileOf(project),
    JSON.stringify({ ...record, 'x-nxc': { ...record['x-nxc'], ...changes } }),
  );
}

async function deadProcess() {
  const child = spawn('sleep', ['60']);
  const identity = { host: (await import('node:os')).hostname(), ...identify(child.pid!)! };
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

describe('a project that runs', () => {
  it('can be moved: status, stop and start work where it lies now', async () => {
    const project = await startedProject();
    const { run } = (await recordOf(project))['x-nxc'];
    endAfter(run);
    const moved = join(await temporaryFolder(), 'moved');
    await rename(project, moved);
    // The helper's own clean-up works in it.
    await mkdir(project);
    expect((await nxc(['status'], { cwd: moved })).stdout).toContain(run);
    expect(await runsOf(moved)).toEqual([run]);
    expect((await nxc(['stop'], { cwd: moved })).status).toBe(0);
    expect(await readdir(join(moved, 'deploy'))).toEqual([]);
    expect(await runsOf(moved)).toEqual([]);
  });

  it('does not hear the stop, clean and start of a copy', async () => {
    const project = await startedProject();
    const { run } = (await recordOf(project))['x-nxc'];
    const copy = join(await temporaryFolder(), 'copy');
    await cp(project, copy, { recursive: true });
    const stop = await nxc(['stop'], { cwd: copy });
    expect(stop.status).toBe(1);
    expect(stop.stderr).toMatch(/is a copy\nfound: run .* is of the project /);
    expect(stop.stderr).toContain(project);
    expect((await nxc(['start'], { cwd: copy })).status).toBe(0);
    expect((await recordOf(copy))['x-nxc'].run).not.toBe(run);
    expect((await nxc(['stop'], { cwd: copy })).status).toBe(0);
    await cp(fileOf(project), fileOf(copy));
    expect((await nxc(['clean'], { cwd: copy })).stdout).toContain(`removed  ${fileOf(copy)}`);
    expect((await nxc(['exec', 'foo', '--', 'hostname'], { cwd: project })).stdout).toBe('foo\n');
  });

  it('is the same project through a link to its folder', async () => {
    const project = await startedProject();
    const link = join(await temporaryFolder(), 'link');
    await symlink(project, link);
    const one = createManager();
    onTestFinished(() => one.close());
    expect(await one.unusable(link)).toEqual([]);
    expect(await one.list(link)).toHaveLength(1);
  });
});

describe('nxc clean', () => {
  it('lists runs that are alive without a record, and ends them only with --force', async () => {
    const lost = await startedProject();
    const { run } = (await recordOf(lost))['x-nxc'];
    endAfter(run);
    await rm(fileOf(lost));
    const other = await builtProject();
    expect((await nxc(['clean'], { cwd: other })).stdout).toMatch(
      new RegExp(`kept .*${run}.*${lost}.*it is running`),
    );
    expect(await runsOf(lost)).toEqual([run]);
    const one = createManager();
    onTestFinished(() => one.close());
    const left = (await one.leftovers()).find(leftover => leftover.run === run)!;
    expect(left.running).toBe(true);
    await left.remove();
    expect(await runsOf(lost)).toEqual([]);
  });

  it('works outside of any project, for everything of its owner on this machine', async () => {
    const outside = await temporaryFolder();
    const run = (...words: string[]) => nxc(words, { cwd: outside });
    expect(await run('clean', '--force')).toEqual({
      status: 0,
      stdout: 'nothing is left behind on this machine\n',
      stderr: '',
    });
    const [lost, dead, alive] = [await builtProject(), await builtProject(), await builtProject()];
    const runs = [];
    for (const cwd of [lost, dead, alive]) {
      expect((await nxc(['start'], { cwd })).status).toBe(0);
      runs.push((await recordOf(cwd))['x-nxc']);
    }
    await rm(fileOf(lost));
    process.kill((runs[1]!.runtime as { launcher: { pid: number } }).launcher.pid, 'SIGKILL');
    await until(async () => (await run('status', '--all')).stdout.includes('0/1 up'));
    expect((await run('status', '--all')).stdout).toMatch(
      new RegExp(`1/1 up .*${alive}[^]*${runs[0]!.run}.*yes`),
    );

    // What measures a run without a record ends by itself soon, or is ended here.
    const measuring = `(?:removed {2}process .*${runs[0]!.run}\\n)?`;
    const cleaned = await run('clean');
    expect(cleaned.stdout).toMatch(
      new RegExp(
        `removed {2}the record of composition::local\\n${measuring}kept .*${runs[0]!.run} .*${lost}.*--force`,
      ),
    );
    expect(await readdir(join(dead, 'deploy'))).toEqual([]);
    expect((await run('clean', '--force')).stdout).toMatch(
      new RegExp(`^${measuring}removed .*${runs[0]!.run} .*\n$`),
    );
    expect((await run('status', '--all')).stdout).not.toContain(lost);
    expect((await run('stop', '--all')).stdout).toContain('1 node is gone');
    expect(await readdir(firstHome())).toEqual([]);
  });

  it('names what it removed, and nothing that was not there', async () => {
    const cwd = await builtProject();
    const clean = async () => (await nxc(['clean'], { cwd })).stdout;
    expect(await clean()).toBe(`removed  ${join(cwd, 'build')}\n`);
    expect(await clean()).toBe('nothing to remove\n');
  });

  it('removes drafts and claims of killed writers, and leaves those at work', async () => {
    const project = await builtProject();
    const deploy = join(project, 'deploy');
    await mkdir(deploy);
    const [old, fresh] = ['a::local.json.01234567.draft', 'a::local.json.89abcdef.draft'];
    for (const name of [old, fresh]) await writeFile(join(deploy, name), '');
    await utimes(join(deploy, old), 0, 0);
    const claim = async (name: string, { pid, start, host }: { pid: number; start: number; host: string }) =>
      symlink(`01234567:${pid}:${start}:${host}`, join(deploy, name));
    const dead = await deadProcess();
    await claim('a::local.json.claim-01234567', dead);
    await claim('a::local.json.claim-89abcdef', { ...dead, ...identify(process.pid)! });
    expect((await nxc(['clean'], { cwd: project })).status).toBe(0);
    expect((await readdir(deploy)).sort()).toEqual([fresh, 'a::local.json.claim-89abcdef']);
  });
});

describe('a broken record', () => {
  it('is told with its file by status and stop, which go on with the others', async () => {
    const project = await startedProject();
    const other = join(project, 'deploy/other::local.json');
    await writeFile(other, '{"x-nxc": {');
    for (const words of [['status'], ['status', '--all']]) {
      const { status, stdout, stderr } = await nxc(words, { cwd: project });
      expect(status).toBe(0);
      expect(stdout).toContain('composition::local');
      expect(stderr).toContain(`the record ${other} is broken`);
    }
    expect((await nxc(['stop'], { cwd: project })).status).toBe(0);
    expect(await readdir(join(project, 'deploy'))).toEqual(['other::local.json']);
    expect((await nxc(['stop'], { cwd: project })).stderr).toContain(other);
  });
});

describe('a record that came with a project', () => {
  it('leads to no folder outside of the project', async () => {
    const project = await startedProject();
    const before = await recordOf(project);
    await change(project, { composition: '../../other' });
    const { status, stderr } = await nxc(['stop'], { cwd: project });
    expect(status).toBe(1);
    expect(stderr).toContain('composition "../../other" is not a name');
    await writeFile(fileOf(project), JSON.stringify(before));
    expect((await nxc(['stop'], { cwd: project })).status).toBe(0);
  });
});

describe('five starts at the same time', () => {
  const situations: Array<[string, (project: string) => Promise<void>]> = [
    ['nothing', async () => {}],
    [
      'a record of upstream',
      async project => {
        await mkdir(join(project, 'deploy'));
        await writeFile(fileOf(project), '{"nodes": ["foo"], "deployment": {"foo": {"role": "foo"}}}');
      },
    ],
    [
      'a start that broke off',
      async project => {
        await nxc(['start'], { cwd: project });
        await change(project, { state: 'starting', starter: await deadProcess() });
      },
    ],
    [
      'a start that broke off, and another that was killed while it replaced that one',
      async project => {
        await nxc(['start'], { cwd: project });
        const dead = await deadProcess();
        await change(project, { state: 'starting', starter: dead });
        const { run } = (await recordOf(project))['x-nxc'];
        await symlink(`01234567:${dead.pid}:${dead.start}:${dead.host}`, `${fileOf(project)}.claim-${run}`);
      },
    ],
  ];

  it.each(situations)(
    'over %s: one brings it up, the others use it, and nothing else is left',
    async (_, prepare) => {
      const project = await builtProject();
      await prepare(project);
      const ends = await Promise.all([1, 2, 3, 4, 5].map(() => nxc(['start'], { cwd: project })));
      expect(ends.map(({ status }) => status).sort()).toEqual([0, 0, 0, 0, 0]);
      const { run, state } = (await recordOf(project))['x-nxc'];
      expect(state).toBe('running');
      expect(await runsOf(project)).toEqual([run]);
      expect((await readdir(join(project, 'deploy'))).sort()).toEqual([
        '.metrics',
        'composition::local.json',
      ]);
    },
  );
});

describe('a record of a start', () => {
  it('is stale when another process has the number of its starter', async () => {
    const project = await startedProject();
    const { run, starter } = (await recordOf(project))['x-nxc'];
    await change(project, {
      state: 'starting',
      starter: { ...starter, ...identify(process.pid)!, start: 1 },
    });
    expect((await nxc(['start'], { cwd: project })).status).toBe(0);
    expect((await recordOf(project))['x-nxc'].run).not.toBe(run);
  });

  it('of another machine is left alone, and said to be so', async () => {
    const project = await startedProject();
    const before = await recordOf(project);
    await change(project, { starter: { ...before['x-nxc'].starter, host: 'fnancy' } });
    for (const words of [['start'], ['stop']]) {
      const { status, stderr } = await nxc(words, { cwd: project });
      expect(status).toBe(1);
      expect(stderr).toMatch(/is of another machine\nfound: .* on fnancy/);
    }
    expect((await nxc(['clean'], { cwd: project })).stdout).toContain('kept');
    await writeFile(fileOf(project), JSON.stringify(before));
    expect((await nxc(['exec', 'foo', '--', 'hostname'], { cwd: project })).stdout).toBe('foo\n');
  });
});

describe('closing a manager', () => {
  it('ends a start that is on its way, and leaves nothing of it', async () => {
    const project = await builtProject(['foo', 'bar']);
    const one = createManager();
    const build = await readBuild(join(project, 'build/composition::local'));
    const start = one.start(build, { directory: project }, jobs()).then(
      () => 'started',
      () => 'ended',
    );
    await until(async () => (await runsOf(project)).length > 0);
    await one.close({ stopOwn: true });
    expect(await readdir(join(project, 'deploy'))).toEqual([]);
    expect(await runsOf(project)).toEqual([]);
    expect(await start).toBe('ended');
  });
});

describe('a kernel that is shut down while it starts a deployment', () => {
  it.each([
    [
      'its record',
      async (project: string) => (await readdir(join(project, 'deploy')).catch(() => [])).length > 0,
    ],
    ['its runtime folder', async (project: string) => (await runsOf(project)).length > 0],
  ])('leaves nothing once there is %s', async (_, isThere) => {
    const project = await builtProject(['foo', 'bar']);
    const { client, exited, stop } = await startKernel({ command: REAL_KERNEL, cwd: project });
    onTestFinished(stop);
    const cell = client.execute('%nxc start').catch(() => {});
    await until(() => isThere(project));
    await client.shutdown(false);
    await exited;
    expect(await readdir(join(project, 'deploy'))).toEqual([]);
    expect(await runsOf(project)).toEqual([]);
    await stop();
    await cell;
  });
});

describe('a start that fails', () => {
  it('is told by its own reason when its clean-up fails too', async () => {
    const project = await builtProject();
    const build = await readBuild(join(project, 'build/composition::local'));
    const flavour = await loadFlavour('local');
    const [start, stop] = [flavour.start, flavour.stop];
    onTestFinished(() => void Object.assign(flavour, { start, stop }));
    Object.assign(flavour, {
      start: () => Promise.reject(new Error('no room on the bridge')),
      stop: () => Promise.reject(new Error('it cannot be stopped')),
    });
    const one = createManager();
    const board = jobs();
    await expect(one.start(build, { directory: project }, board)).rejects.toThrow('no room on the bridge');
    expect(board.toMimeBundle()['text/plain']).toContain('it cannot be stopped');
  });
});
