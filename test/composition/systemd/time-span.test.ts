import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeSpan } from '../../../src/composition/systemd/time-span.js';

describe('a time span of systemd', () => {
  it.each([
    [90, 90_000],
    ['90', 90_000],
    ['5s', 5000],
    ['1min 30s', 90_000],
    ['1min30s', 90_000],
    ['100ms', 100],
    ['1.5h', 5_400_000],
    ['2 hours 3 minutes', 7_380_000],
    ['1d', 86_400_000],
    ['1M', 2_630_016_000],
    ['500us', 1],
    ['infinity', Infinity],
    ['0', 0],
  ])('%s is %d ms', (text, expected) => {
    expect(parseTimeSpan(text, 'RestartSec')).toBe(expected);
  });

  it.each(['', '5 parsecs', 's', '-5', '5s,', 'Infinity', '1e3'])('%j is explained', text => {
    expect(() => parseTimeSpan(text, 'RestartSec')).toThrow('RestartSec is not a time span');
  });

  it('adds up its parts, in any order and with any blanks', () => {
    const parts = fc.array(
      fc.tuple(
        fc.nat(1000),
        fc.constantFrom(['ms', 1], ['s', 1000], ['min', 60_000]),
        fc.stringMatching(/^ {0,2}$/),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(parts, list => {
        const text = list.map(([number, [unit], blank]) => `${number}${blank}${unit} `).join('');
        const sum = list.reduce((total, [number, [, factor]]) => total + number * (factor as number), 0);
        expect(parseTimeSpan(text, 'x')).toBe(sum);
      }),
    );
  });
});
