import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samples } from '../../src/metrics/rates.js';
import { Series } from '../../src/metrics/series.js';

describe('a series', () => {
  it('keeps six hours of seconds in bounded memory, with the beginning and the end', () => {
    const series = new Series('cpu', 'foo', '%');
    for (let second = 0; second < 6 * 3600; second++) series.push(second * 1000, second % 100);
    expect(series.bytes).toBeLessThan(64 * 1024);
    const points = series.points();
    expect(points[0]!.at).toBeLessThan(60_000);
    const pauses = points.slice(1).map((point, i) => point.at - points[i]!.at);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    expect(series.last).toEqual({ at: (6 * 3600 - 1) * 1000, value: 99 });
    // The newest quarter of an hour is as it was.
    expect(points.filter(({ at }) => at >= (6 * 3600 - 900) * 1000)).toHaveLength(900);
  });

  it('is in the order of time, whatever order points come in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 300 }), times => {
        const series = new Series('x', '', '');
        for (const at of times) series.push(at, at);
        const kept = series.points().map(point => point.at);
        expect(kept).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('averages keep the mean of what was thinned', () => {
    const series = new Series('x', '', '');
    for (let i = 0; i < 3601; i++) series.push(i, 5);
    expect(series.length).toBeLessThan(3600);
    expect(series.points().every(({ value }) => value === 5)).toBe(true);
  });

  it('a gap is marked once', () => {
    const series = new Series('x', '', '');
    series.gap(1);
    series.push(2, 1);
    series.gap(3);
    series.gap(4);
    expect(series.points()).toEqual([
      { at: 2, value: 1 },
      { at: 3, value: Number.NaN },
    ]);
  });
});

describe('rates', () => {
  const before = { node: 'foo', at: 10_000, cpuSeconds: 5, memoryBytes: 100, receivedBytes: 1000 };

  it('cpu is percent of one core, network bytes a second, memory as it is', () => {
    const now = { node: 'foo', at: 12_000, cpuSeconds: 8, memoryBytes: 70, receivedBytes: 5000 };
    expect(Object.fromEntries(samples(before, now).map(one => [one.metric, one.value]))).toEqual({
      cpu: 150,
      memory: 70,
      'network.received': 2000,
    });
  });

  it('a counter that went back, and a reading that comes much later, say nothing', () => {
    const restarted = { ...before, at: 11_000, cpuSeconds: 1 };
    expect(samples(before, restarted).map(one => one.metric)).toEqual(['memory', 'network.received']);
    expect(samples(before, { ...before, at: 60_000 }).map(one => one.metric)).toEqual(['memory']);
    expect(samples(undefined, before).map(one => one.metric)).toEqual(['memory']);
  });
});
