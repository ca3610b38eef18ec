import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManager } from '../../../src/deployment/manager.js';
import { listRecords } from '../../../src/deployment/record-store.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { ensureSampler, samplers } from '../../../src/metrics/sampler-process.js';
import { samplerOf } from '../../../src/metrics/store/lock.js';
import { Store } from '../../../src/metrics/store/store.js';
import { nxc } from '../../helpers/executable.js';
import { until } from '../../helpers/until.js';
import { built, noDocker } from './deployment.js';

const samplersOf = (run: string) => samplers().filter(one => one.run === run);

/** Two nodes that a terminal started, which end with the test. */
async function started() {
  const { directory: cwd } = await built({ a: {}, b: {} });
  const say = async (...words: string[]) => {
    const ran = await nxc(words, { cwd });
    expect(ran).toMatchObject({ status: 0 });
    return ran.stdout;
  };
  onTestFinished(async () => void (await nxc(['stop'], { cwd })));
  await say('start');
  const [record] = (await listRecords(cwd)).records;
  const store = new Store(record!);
  const measured = () => {
    try {
      return readFileSync(store.file('log.jsonl'), 'utf8').split('"a":[').length - 1;
    } catch {
      return 0;
    }
  };
  return { cwd, record: record!, run: record!['x-nxc'].run, store, measured, say };
}

describe.skipIf(noDocker)(`containers that a terminal started${noDocker ? ` (${noDocker})` : ''}`, () => {
  it('are measured by one process that is started again when it is killed, until they are stopped', {
    timeout: 120_000,
  }, async () => {
    const { cwd, record, run, store, measured, say } = await started();
    await until(() => measured() > 1);
    for (let i = 0; i < 3; i++) ensureSampler(record);
    await until(() => samplersOf(run).length === 1);
    expect(await say('metrics')).toMatch(/cpu +a[\s\S]*cpu +b[\s\S]*memory +a[\s\S]*network\.received +b/);

    const [first] = samplersOf(run);
    process.kill(first!.pid, 'SIGKILL');
    await until(() => samplerOf(store) === undefined);
    const before = measured();
    await say('metrics', 'cpu');
    await until(() => measured() > before);
    await until(() => samplersOf(run).length === 1);
    expect(samplersOf(run)[0]!.pid).not.toBe(first!.pid);

    await say('fault', 'kill', 'a');
    await say('start', 'a');
    const manager = createManager();
    const metrics = new Metrics();
    onTestFinished(async () => {
      metrics.follow(undefined);
      await manager.close();
    });
    metrics.follow(await manager.current(cwd));
    expect(metrics.select().from).toBe(Date.parse(record['x-nxc'].started));
    const [fault] = metrics.select().spans;
    expect(fault).toMatchObject({ kind: 'fault', label: 'a was killed', to: expect.any(Number) });
    const gaps = metrics.rows({ names: 'memory', nodes: 'a' }).filter(({ value }) => Number.isNaN(value));
    expect(gaps.length).toBeGreaterThan(0);

    await say('stop');
    expect(samplersOf(run)).toEqual([]);
    expect(() => readdirSync(store.folder)).toThrow('ENOENT');
  });

  it('leave a process behind when it hangs and their record is lost, which clean removes', {
    timeout: 120_000,
  }, async () => {
    const { cwd, record, run, store, measured, say } = await started();
    await until(() => measured() > 0);
    const [sampler] = samplersOf(run);
    process.kill(sampler!.pid, 'SIGSTOP');
    await rm(record['x-nxc'].file);
    expect(samplersOf(run)).toHaveLength(1);
    const said = await say('clean', '--force');
    expect(said).toContain(`process ${sampler!.pid}, which measured run ${run}`);
    expect(said).toContain(store.folder);
    expect(samplersOf(run)).toEqual([]);
    expect((await nxc(['status'], { cwd })).stdout).not.toContain(run);
  });
});
