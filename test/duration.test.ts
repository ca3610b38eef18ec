import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../src/duration.js';

describe('a duration is written', () => {
  it.each([
    [0.42, '0.4 ms'],
    [9.96, '10 ms'],
    [340, '340 ms'],
    [999.6, '1.0 s'],
    [2500, '2.5 s'],
    [59_960, '1 min 0 s'],
    [119_700, '2 min 0 s'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h 0 min'],
    [3_720_000, '1 h 2 min'],
  ])('%d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('with the larger unit as soon as the smaller one is full', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), ms => {
        expect(formatDuration(ms)).not.toMatch(/\b60 (s|min)$|^1000 ms|^60\.0 s/);
      }),
    );
  });
});

describe('a duration is read', () => {
  it.each([
    ['10', 10_000],
    ['10s', 10_000],
    ['0.5 s', 500],
    ['500ms', 500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
    [' 1h 30min ', 5_400_000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', 'soon', '1 h 30', '-5s', '5 days', '1.2.3s', '2026-11-23', 's'])('not from "%s"', text => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('as it was written, to half of the last unit shown', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), ms => {
        const text = formatDuration(ms);
        const read = parseDuration(text)!;
        expect(formatDuration(read)).toBe(text);
        const [, tenth, unit] = /\d+(\.\d)? (ms|s|min)$/.exec(text)!;
        const shown = { ms: 1, s: 1000, min: 60_000 }[unit as 's'] / (tenth ? 10 : 1);
        expect(Math.abs(read - ms)).toBeLessThanOrEqual(shown / 2 + 1e-6);
      }),
    );
  });
});
