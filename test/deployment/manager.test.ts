import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readBuild } from '../../src/composition/compose-info.js';
import type { Deployment } from '../../src/deployment/deployment.js';
import { RecordError } from '../../src/deployment/errors.js';
import { createManager } from '../../src/deployment/manager.js';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { firstHome } from '../../src/flavours/runtime-home.js';
import { JobBoard } from '../../src/jobs/board.js';
import { TransportError } from '../../src/transports/errors.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

const jobs = () => new JobBoard(new AbortController().signal);

function manager() {
  const made = createManager();
  onTestFinished(() => made.close({ stopOwn: true }));
  return made;
}
const buildOf = (directory: string) => readBuild(join(directory, 'build/composition::local'));
const fileOf = (directory: string) => join(directory, 'deploy/composition::local.json');
const recordOf = async (directory: string) =>
  JSON.parse(await readFile(fileOf(directory), 'utf8')) as DeploymentRecord;
const hostname = async (deployment: Deployment, node: string) =>
  (await deployment.transport(node).exec('hostname')).stdout.toString().trim();

describe('a manager', () => {
  it('adopts what another one started, and both may stop it', async () => {
    const directory = await builtProject();
    const [first, second] = [manager(), manager()];
    const started = await first.start(await buildOf(directory), { directory, notebook: 'lab.ipynb' }, jobs());
    const adopted = await second.require(directory);
    expect(adopted.record['x-nxc']).toMatchObject({
      run: started.record['x-nxc'].run,
      notebook: 'lab.ipynb',
    });
    expect(await hostname(adopted, 'foo')).toBe('foo');
    await second.stop(adopted, jobs());
    expect(await readdir(join(directory, 'deploy'))).toEqual([]);
    expect(await first.current(directory)).toBeUndefined();
    await expect(first.require(directory)).rejects.toThrow('nxc start');
  });

  it('tells listeners what the current deployment is', async () => {
    const directory = await builtProject();
    const one = manager();
    const heard: Array<string | undefined> = [];
    one.onChange(current => heard.push(current?.record['x-nxc'].run));
    const { record } = await one.start(await buildOf(directory), { directory }, jobs());
    await one.stop(await one.require(directory), jobs());
    expect(heard).toEqual([record['x-nxc'].run, undefined]);
  });

  it('forgets a stopped deployment whose project was moved meanwhile', async () => {
    const directory = await builtProject();
    const one = manager();
    const heard: Array<string | undefined> = [];
    one.onChange(current => heard.push(current?.record['x-nxc'].run));
    const { record } = await one.start(await buildOf(directory), { directory }, jobs());
    const moved = join(await temporaryFolder(), 'moved');
    await rename(directory, moved);
    await mkdir(directory);
    const [found] = await one.list(moved);
    await one.stop(found!, jobs());
    expect(await readdir(join(moved, 'deploy'))).toEqual([]);
    expect(heard).toEqual([record['x-nxc'].run, undefined]);
  });

  it('means the project of the folder, and outside of any project what it used last', async () => {
    const [a, b] = [await builtProject(), await builtProject()];
    const one = manager();
    const inA = await one.start(await buildOf(a), { directory: a }, jobs());
    const inB = await one.start(await buildOf(b), { directory: b }, jobs());
    expect((await one.require(a)).record['x-nxc'].run).toBe(inA.record['x-nxc'].run);
    expect((await one.require('/')).record['x-nxc'].run).toBe(inB.record['x-nxc'].run);
    expect(await manager().current('/')).toBeUndefined();
  });

  it('lets only one of two starts at the same time through', async () => {
    const directory = await builtProject();
    const build = await buildOf(directory);
    const ends = await Promise.allSettled([0, 1].map(() => manager().start(build, { directory }, jobs())));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await manager().require(directory)).nodes).toHaveLength(1);
  });

  it('clears what a start left that broke off, and starts anew', async () => {
    const directory = await builtProject();
    const dead = spawn('true');
    await once(dead, 'exit');
    const first = manager();
    const { record } = await first.start(await buildOf(directory), { directory, keep: true }, jobs());
    const broken = {
      ...record,
      'x-nxc': {
        ...record['x-nxc'],
        state: 'starting',
        starter: { ...record['x-nxc'].starter, pid: dead.pid!, start: 1 },
      },
    };
    await writeFile(fileOf(directory), JSON.stringify(broken));
    const second = await manager().start(await buildOf(directory), { directory }, jobs());
    expect(second.record['x-nxc'].run).not.toBe(record['x-nxc'].run);
    expect((await first.leftovers()).map(({ run }) => run)).not.toContain(record['x-nxc'].run);
    expect(await hostname(second, 'foo')).toBe('foo');
  });

  it('tells of a stop that was cut off, which the next one ends', async () => {
    const directory = await builtProject();
    const one = manager();
    const { record } = await one.start(await buildOf(directory), { directory }, jobs());
    await writeFile(
      fileOf(directory),
      JSON.stringify({ ...record, 'x-nxc': { ...record['x-nxc'], state: 'stopping' } }),
    );
    const other = manager();
    await expect(other.require(directory)).rejects.toThrow(/whose stop was cut off[\s\S]*nxc stop/);
    const [found] = await other.list(directory);
    expect(found).toMatchObject({ stopping: true });
    await other.stop(found!, jobs());
    expect(await other.list(directory)).toEqual([]);
  });

  it('leaves nothing when a start is interrupted', async () => {
    const directory = await builtProject(['foo', 'bar']);
    const one = manager();
    const interruption = new AbortController();
    const start = one.start(await buildOf(directory), { directory }, new JobBoard(interruption.signal));
    const records = () => readdir(join(directory, 'deploy')).catch(() => []);
    await until(async () => (await records()).length > 0);
    interruption.abort();
    await expect(start).rejects.toThrow();
    expect(await records()).toEqual([]);
    expect((await one.leftovers()).filter(({ project }) => project === directory)).toEqual([]);
  });

  it('stops what it started also when its record was broken since, and says that the file is left', async () => {
    const directory = await builtProject();
    const one = manager();
    const deployment = await one.start(await buildOf(directory), { directory }, jobs());
    await writeFile(fileOf(directory), '{"x-nxc": {');
    const board = jobs();
    await one.stop(deployment, board);
    const told = board.toMimeBundle()['text/plain'];
    expect(told).toMatch(/✔ stop composition::local: 1 node is gone/);
    expect(told).toContain(`the record ${fileOf(directory)} is broken: `);
    expect(told).toContain('what it told of is gone, so remove the file');
    expect(await one.current(directory)).toBeUndefined();
  });

  it.each(['deploy', '.'])(
    'stops what it started also when the folder %s was removed since',
    async folder => {
      const directory = await builtProject();
      const [one, another] = [manager(), manager()];
      const deployment = await one.start(await buildOf(directory), { directory }, jobs());
      await rm(join(directory, folder), { recursive: true });
      const board = jobs();
      await one.stop(deployment, board);
      expect(board.toMimeBundle()['text/plain']).toMatch(/✔ stop composition::local: 1 node is gone/);
      expect(existsSync(join(directory, 'deploy'))).toBe(false);
      expect(await one.current(directory)).toBeUndefined();
      expect(await another.list(directory)).toEqual([]);
    },
  );

  it('tells a broken record by its file instead of losing what it meant', async () => {
    const directory = await builtProject();
    await mkdir(join(directory, 'deploy'));
    await writeFile(fileOf(directory), '{"x-nxc": {');
    const start = manager().start(await buildOf(directory), { directory }, jobs());
    await expect(start).rejects.toThrow(RecordError);
    await expect(start).rejects.toThrow(fileOf(directory));
    expect(await readFile(fileOf(directory), 'utf8')).toBe('{"x-nxc": {');
  });

  it.each([
    ['a run that is a path', { run: '../victim' }, '8 hex digits'],
    ['a node that is a path', { nodes: [{ name: '../foo', role: 'foo' }] }, 'node "../foo"'],
    ['a role that is a path', { nodes: [{ name: 'foo', role: '../..' }] }, 'role "../.."'],
    ['an unknown state', { state: 'dancing' }, 'state "dancing"'],
    ['an unknown flavour', { flavour: 'lokal' }, 'flavour "lokal"'],
    ['no runtime', { runtime: 'none' }, 'runtime is not an object'],
  ])('touches nothing when a record holds %s', async (_, changes, message) => {
    const directory = await builtProject();
    const victim = join(directory, 'victim');
    await mkdir(victim);
    const one = manager();
    const { record } = await one.start(await buildOf(directory), { directory }, jobs());
    const text = JSON.stringify({ ...record, 'x-nxc': { ...record['x-nxc'], ...changes } });
    const recorded = await readFile(fileOf(directory));
    await writeFile(fileOf(directory), text.replace('../victim', relative(firstHome(), victim)));
    const start = manager().start(await buildOf(directory), { directory }, jobs());
    await expect(start).rejects.toThrow(message);
    expect(await readdir(directory)).toContain('victim');
    await writeFile(fileOf(directory), recorded);
  });

  it('takes the place of a record of upstream, which says of nothing whether it runs', async () => {
    const directory = await builtProject();
    await mkdir(join(directory, 'deploy'));
    await writeFile(fileOf(directory), '{"nodes": ["foo"], "deployment": {"foo": {"role": "foo"}}}');
    expect(await manager().list(directory)).toEqual([]);
    await manager().start(await buildOf(directory), { directory }, jobs());
    expect((await recordOf(directory))['x-nxc'].state).toBe('running');
  });

  it('notices nodes that were killed, and starts anew after that', async () => {
    const directory = await builtProject();
    const one = manager();
    const deployment = await one.start(await buildOf(directory), { directory }, jobs());
    const { launcher } = deployment.record['x-nxc'].runtime as { launcher: { pid: number } };
    process.kill(launcher.pid, 'SIGKILL');
    await expect.poll(async () => (await deployment.status())[0]!.state).toBe('gone');
    await expect(deployment.transport('foo').exec('true')).rejects.toThrow(TransportError);
    const other = manager();
    expect(await other.current(directory)).toBeUndefined();
    const again = await other.start(await buildOf(directory), { directory }, jobs());
    expect(await hostname(again, 'foo')).toBe('foo');
  });
});

const mayMount = process.getuid?.() === 0;

describe.skipIf(!mayMount)(`a full disk${mayMount ? '' : ' (needs root for a small file system)'}`, () => {
  it('is told, and the deployment that cannot be recorded is gone', async () => {
    const directory = await builtProject();
    const deploy = join(directory, 'deploy');
    await mkdir(deploy);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', deploy]);
    onTestFinished(() => void execFileSync('umount', [deploy]));
    await writeFile(join(deploy, 'ballast'), Buffer.alloc(4096));
    await writeFile(join(deploy, 'more'), Buffer.alloc(4096)).catch(() => {});
    const one = manager();
    const start = one.start(await buildOf(directory), { directory }, jobs());
    await expect(start).rejects.toThrow(/cannot write the record .*\n.*the disk is full/);
    expect((await readdir(deploy)).filter(name => name.includes('composition'))).toEqual([]);
    expect((await one.leftovers()).filter(({ project }) => project === directory)).toEqual([]);
  });
});
