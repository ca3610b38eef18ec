import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManager } from '../../src/deployment/manager.js';
import { listRecords } from '../../src/deployment/record-store.js';
import * as faults from '../../src/faults/index.js';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { ensureSampler, samplers } from '../../src/metrics/sampler-process.js';
import { samplerOf } from '../../src/metrics/store/lock.js';
import { Store } from '../../src/metrics/store/store.js';
import { nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { until } from '../helpers/until.js';

/** A deployment that a terminal started, which has ended since. */
async function started(): Promise<{ directory: string; record: DeploymentRecord; store: Store }> {
  const directory = await builtProject();
  expect(await nxc(['start'], { cwd: directory })).toMatchObject({ status: 0 });
  const [record] = (await listRecords(directory)).records;
  return { directory, record: record!, store: new Store(record!) };
}

const lines = (store: Store): string => {
  try {
    return readFileSync(store.file('log.jsonl'), 'utf8');
  } catch {
    return '';
  }
};
const samples = (store: Store): number => lines(store).split('"nodes":{"').length - 1;
const alive = (run: string) => samplers().filter(one => one.run === run);

/** The metrics of a kernel that finds the deployment running. */
async function kernelOf(directory: string): Promise<Metrics> {
  const manager = createManager();
  const metrics = new Metrics();
  onTestFinished(async () => {
    metrics.follow(undefined);
    await manager.close();
  });
  metrics.follow(await manager.current(directory));
  return metrics;
}

describe('a deployment that a terminal started', () => {
  it('is measured though nobody looks, by one process, until it is stopped', async () => {
    const { directory, record, store } = await started();
    const { run } = record['x-nxc'];
    await until(() => samples(store) > 1);
    for (let i = 0; i < 3; i++) ensureSampler(record);
    await until(() => alive(run).length === 1 && samplerOf(store) !== undefined);
    expect((await nxc(['metrics', 'cpu'], { cwd: directory })).stdout).toMatch(/cpu +foo/);
    expect(await nxc(['stop'], { cwd: directory })).toMatchObject({ status: 0 });
    expect(alive(run)).toEqual([]);
    expect(() => readFileSync(store.folder)).toThrow('ENOENT');
  });

  it('counts the seconds from its start, in every kernel, and has the faults and cells of before', async () => {
    const { directory, record, store } = await started();
    const first = await kernelOf(directory);
    const end = first.beginCell('In[1]');
    first.record('rps', 7, { node: 'foo', unit: '/s' });
    const deployment = (await createManager().current(directory))!;
    await faults.pause(deployment, 'foo');
    await faults.resume(deployment, 'foo');
    end();
    await until(() => lines(store).includes('"done"') && samples(store) > 1);
    const second = await kernelOf(directory);
    expect(second.select().from).toBe(Date.parse(record['x-nxc'].started));
    expect(second.latest({ names: 'rps,memory' }).map(({ metric }) => metric)).toEqual(['rps', 'memory']);
    const { spans } = second.select();
    expect(spans.map(({ label }) => label).sort()).toEqual(['In[1]', 'foo was paused']);
    expect(spans.every(({ to }) => to !== undefined)).toBe(true);
    expect(second.select({ since: 'In[1]' }).origin).toBe('In[1] began');
    expect(second.names().filter(name => name.startsWith('disk'))).toEqual([]);
    expect(() => second.select({ names: 'disk' })).toThrow(/disk is not measured here\n.*in memory/);
    expect(second.notices('disk,cpu')).toEqual(['disk is not measured: files of a local node are in memory']);
  });

  it('has a gap, and no line, for the time in which its measuring process was dead', async () => {
    const { directory, record, store } = await started();
    await until(() => samples(store) > 1);
    process.kill(samplerOf(store)!.pid, 'SIGKILL');
    await until(() => samplerOf(store) === undefined);
    const metrics = await kernelOf(directory);
    const before = samples(store);
    await until(() => samples(store) > before);
    const values = metrics.rows({ names: 'memory' }).map(({ value }) => value);
    expect(values.some(Number.isNaN)).toBe(true);
    expect(alive(record['x-nxc'].run)).toHaveLength(1);
  });

  it('is not measured any more when its project is gone, and its cells end with their kernel', async () => {
    const { directory, record, store } = await started();
    const { spawn } = await import('node:child_process');
    const kernel = spawn('sleep', ['1000']);
    onTestFinished(() => void kernel.kill());
    const { identify } = await import('../../src/process/proc.js');
    const by = `${kernel.pid}:${identify(kernel.pid!)!.start}`;
    store.append([{ at: Date.now(), cell: 'In[1]', id: 1, by }]);
    kernel.kill('SIGKILL');
    await until(() => lines(store).includes('"done":1'));
    const stopped = (await createManager().current(directory))!;
    await rm(directory, { recursive: true });
    await until(() => alive(record['x-nxc'].run).length === 0);
    const manager = createManager();
    await nxc(['stop', '--run', stopped.record['x-nxc'].run], { cwd: '/' });
    await manager.close();
  });
});
