import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.js';
import { measures } from '../../src/driver/measures.js';
import { Params } from '../../src/driver/params.js';
import { Collector } from '../../src/metrics/collector.js';
import type { CounterSource, Counters } from '../../src/metrics/counters.js';
import { toCsv, toJson, toJsonLines } from '../../src/metrics/export.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { RecordingDisplay } from '../driver/harness.js';

const nodes = [
  { name: 'server', role: 'server' },
  { name: 'client1', role: 'client' },
  { name: 'client2', role: 'client' },
];

/** Real counters of this process, under the names of nodes. */
class OwnCounters implements CounterSource {
  gone = new Set<string>();
  reading = 0;
  mostAtOnce = 0;

  async read(): Promise<Counters[]> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.reading);
    const { user, system } = process.cpuUsage();
    const io = readFileSync('/proc/self/io', 'utf8');
    await new Promise(setImmediate);
    this.reading--;
    return nodes
      .filter(({ name }) => !this.gone.has(name))
      .map(({ name }) => ({
        node: name,
        at: performance.timeOrigin + performance.now(),
        cpuSeconds: (user + system) / 1e6,
        memoryBytes: process.memoryUsage.rss(),
        readBytes: Number(/rchar: (\d+)/.exec(io)![1]),
      }));
  }
}

/** No record of it is on disk, so nobody measures it. */
function deployment(): Deployment {
  const ours = {
    run: '0a0a0a0a',
    file: '/nowhere/deploy/x::local.json',
    nodes,
    started: new Date().toISOString(),
  };
  return { record: { 'x-nxc': ours }, nodes } as unknown as Deployment;
}

const metrics: Metrics[] = [];
function newMetrics(): Metrics {
  const one = new Metrics();
  metrics.push(one);
  return one;
}
afterEach(() => {
  for (const one of metrics.splice(0)) one.follow(undefined);
});

describe('collecting', () => {
  const forever = new AbortController().signal;

  it('gives a sample of every node, with rates from the second reading on', async () => {
    const collector = new Collector(new OwnCounters());
    await collector.read(forever);
    await new Promise(resolve => setTimeout(resolve, 20));
    const entry = (await collector.read(forever)).find(one => 'nodes' in one);
    const { nodes: values } = entry as unknown as { nodes: Record<string, number[]> };
    expect(Object.keys(values)).toEqual(['server', 'client1', 'client2']);
    const [cpu, memory, received] = values.server!;
    expect(cpu).toBeGreaterThan(0);
    expect(memory).toBeGreaterThan(1e6);
    expect(received).toBeNull();
  });

  it('a node that is gone leaves a gap and a source that fails breaks nothing', async () => {
    const source = new OwnCounters();
    const collector = new Collector(source);
    await collector.read(forever);
    source.gone.add('client2');
    expect((await collector.read(forever))[0]).toMatchObject({
      nodes: { client1: expect.any(Array), client2: null },
    });
    const failing = new Collector({ read: () => Promise.reject(new Error('gone')) });
    expect(await failing.read(forever)).toEqual([]);
  });

  it('says once what cannot be measured, why, and of which nodes', async () => {
    const reading = (node: string, absent?: Record<string, string>): Counters => ({
      node,
      at: Date.now(),
      memoryBytes: 1,
      ...(absent ? { absent } : {}),
    });
    let readings = [reading('a', { disk: 'no controller' }), reading('b', { disk: 'no controller' })];
    const collector = new Collector({ read: async () => readings });
    expect((await collector.read(forever))[0]).toMatchObject({
      absent: { disk: { reason: 'no controller' } },
    });
    expect(await collector.read(forever)).toHaveLength(1);
    readings = [reading('a'), reading('b', { disk: 'no controller' })];
    expect((await collector.read(forever))[0]).toMatchObject({
      absent: { disk: { reason: 'no controller', nodes: ['b'] } },
    });
  });
});

describe('points of the user’s own', () => {
  function recorder() {
    const one = newMetrics();
    one.follow(deployment());
    const record = measures({ metrics: () => one, display: () => new RecordingDisplay() })['metrics.record']!;
    const call = { signal: new AbortController().signal };
    return { one, record: (point: object) => record(new Params('metrics.record', point), call) };
  }

  it('are of a node, or of none', async () => {
    const { one, record } = recorder();
    await record({ name: 'rps', value: 7, node: 'server', unit: '/s', at: Date.now() });
    await record({ name: 'phase', value: 1 });
    expect(one.latest({ names: 'rps,phase' }).map(({ node, value }) => [node, value])).toEqual([
      ['server', 7],
      ['', 1],
    ]);
  });

  it.each([
    [{ node: 'serverr' }, /no machine "serverr"\ndid you mean server\?/],
    [{ foo: 1 }, /metrics.record has no option "foo"/],
    [{ nod: 'server' }, /did you mean node\?/],
    [{ name: '' }, /a metric cannot be called ""/],
    [{ name: 'a,b' }, /a metric cannot be called "a,b"/],
    [{ name: 'cpu' }, /cpu is measured on every node anyway/],
    [{ value: '7' }, /metrics.record needs value: a number/],
  ])('%o is told as wrong', async (given, message) => {
    await expect(recorder().record({ name: 'rps', value: 7, ...given })).rejects.toThrow(message);
  });
});

describe('asking', () => {
  function recorded(): Metrics {
    const one = newMetrics();
    one.follow(deployment());
    for (const { name } of nodes) one.record('rps', 100, { node: name, unit: 'req/s' });
    one.record('phase', 1);
    return one;
  }

  it('by names, groups, roles and globs', () => {
    const one = recorded();
    expect(one.rows({ names: 'rps', nodes: '@client' }).map(row => row.node)).toEqual(['client1', 'client2']);
    expect(one.rows({ names: 'rps', nodes: ['server', 'client?'] })).toHaveLength(3);
    expect(one.rows({ names: 'phase' })[0]).toMatchObject({ node: '', role: '', value: 1 });
    expect(one.resolve('network,cpu')).toEqual(['network.received', 'network.sent', 'cpu']);
    expect(one.resolve('netw?rk.sent,cp?')).toEqual(['network.sent', 'cpu']);
  });

  it('since a cell, a duration or a time', () => {
    const one = recorded();
    const end = one.beginCell('In[4]');
    end();
    expect(one.select({ since: 'In[4]' }).origin).toBe('In[4] began');
    expect(one.select({ since: '30s' }).to - one.select({ since: '30s' }).from).toBeCloseTo(30_000, -2);
    expect(one.select({ since: '2026-01-01T00:00:00Z' }).from).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(one.rows({ names: 'rps', since: '2m' })).toHaveLength(3);
    expect(one.rows({ names: 'rps', since: '1 h 30 min' })).toHaveLength(3);
  });

  it.each([
    [{ names: 'cup' }, /no metric "cup"[\s\S]*mean cpu/],
    [{ nodes: 'sever' }, /no node "sever"[\s\S]*mean server/],
    [{ since: 'In[9]' }, /"In\[9\]" is not a time[\s\S]*30s/],
  ])('what does not exist is an error with the nearest: %j', (query, message) => {
    expect(() => recorded().select(query)).toThrow(message);
  });

  it('a metric has one unit: a value in another one is refused', () => {
    const one = recorded();
    expect(() => one.record('rps', 7, { node: 'server', unit: 'ms' })).toThrow(
      /rps is in req\/s, and was given a value in ms\nto do: convert the value, or .* rps\.ms/,
    );
    expect(() => one.record('rps', 7, { unit: 'ms' })).toThrow('rps is in req/s');
    one.record('rps', 7, { node: 'server' });
    expect(one.latest({ names: 'rps', nodes: 'server' })).toMatchObject([{ value: 7, unit: 'req/s' }]);
    one.record('phase', 2, { unit: 's' });
    expect(one.latest({ names: 'phase' })).toMatchObject([{ value: 2, unit: 's' }]);
  });

  it('a point that is no number is refused', () => {
    expect(() => recorded().record('x', 'fast' as unknown as number)).toThrow('give a number');
  });
});

describe('export', () => {
  it('writes CSV with quotes where they are needed, and JSON, whole or a row a line, with null for a gap', () => {
    const row = { metric: 'a,b', node: 'say "x"', role: '', unit: '', at: 0, seconds: 0, value: Number.NaN };
    expect(toCsv([row])).toBe(
      'metric,node,role,unit,at,seconds,value\r\n"a,b","say ""x""",,,1970-01-01T00:00:00.000Z,0,\r\n',
    );
    const written = { ...row, value: null };
    expect(JSON.parse(toJson([row, row]))).toEqual([written, written]);
    expect(JSON.parse(toJson([]))).toEqual([]);
    expect(toJsonLines([row, row])).toBe(`${JSON.stringify(written)}\n`.repeat(2));
  });
});
