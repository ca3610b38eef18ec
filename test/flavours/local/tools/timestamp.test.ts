import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryLine, parseEntry } from '../../../../src/flavours/local/tools/entry.js';
import { getopt } from '../../../../src/flavours/local/tools/getopt.js';
import { parseTimestamp } from '../../../../src/flavours/local/tools/timestamp.js';

const now = Date.parse('2026-03-04T05:06:07Z');
const read = (text: string) => new Date(parseTimestamp(text, now) / 1000).toISOString();

describe('a timestamp of systemd', () => {
  it.each([
    ['2026-01-31 18:00:05.5 UTC', '2026-01-31T18:00:05.500Z'],
    ['2026-01-31T18:00:05Z', '2026-01-31T18:00:05.000Z'],
    ['Sat 2026-01-31 18:00 UTC', '2026-01-31T18:00:00.000Z'],
    ['26-01-31 UTC', '2026-01-31T00:00:00.000Z'],
    ['now', '2026-03-04T05:06:07.000Z'],
    ['-5min', '2026-03-04T05:01:07.000Z'],
    ['+1h 30min', '2026-03-04T06:36:07.000Z'],
    ['2 hours ago', '2026-03-04T03:06:07.000Z'],
    ['1 h left', '2026-03-04T06:06:07.000Z'],
    ['@1700000000.25', '2023-11-14T22:13:20.250Z'],
  ])('%s is %s', (text, iso) => {
    expect(read(text)).toBe(iso);
  });

  it('without a zone is local, and days begin at midnight', () => {
    const day = new Date(now);
    const midnight = new Date(day.getFullYear(), day.getMonth(), day.getDate());
    expect(parseTimestamp('today', now)).toBe(midnight.getTime() * 1000);
    expect(parseTimestamp('00:00', now)).toBe(midnight.getTime() * 1000);
    expect(parseTimestamp('yesterday', now)).toBeLessThan(parseTimestamp('today', now));
    expect(parseTimestamp('tomorrow', now)).toBeGreaterThan(now * 1000);
  });

  it.each([
    '',
    'soon',
    '2026-13-01',
    '2026-02-29',
    '25:00',
    'Sun 2026-01-31',
    '5 parsecs ago',
    '2026-01-31 nonsense',
  ])('%j is refused', text => {
    expect(() => parseTimestamp(text, now)).toThrow(`Failed to parse timestamp: ${text}`);
  });
});

it('an entry of the journal is read as it was written', () => {
  const word = fc.string({ maxLength: 20 });
  const entry = fc.record({
    realtime: fc.integer({ min: 0, max: 4e15 }),
    transport: fc.constantFrom('stdout', 'syslog', 'journal'),
    pri: fc.nat(191),
    pid: fc.nat(),
    uid: fc.nat(),
    unit: fc.constantFrom('a.service', 'b@1.service'),
    about: fc.constant(true),
    identifier: word,
    message: word.map(text => text.replaceAll('\n', ' ')),
  });
  fc.assert(
    fc.property(entry, one => {
      expect(parseEntry(entryLine(one).slice(0, -1))).toEqual(one);
    }),
  );
});

describe('options of a command line', () => {
  const specs = {
    unit: { letter: 'u', takes: 'word' },
    lines: { letter: 'n', takes: 'maybe' },
    follow: { letter: 'f', takes: 'nothing' },
    full: { takes: 'nothing' },
  } as const;

  it('are read however they are written', () => {
    for (const argv of [
      ['-fu', 'x'],
      ['-fux'],
      ['-f', '--unit', 'x'],
      ['--fo', '--un=x'],
      ['--follow', '-ux'],
    ])
      expect(getopt(argv, specs).options).toEqual([{ name: 'follow' }, { name: 'unit', value: 'x' }]);
    expect(getopt(['a', '-n5', 'b', '--', '-f'], specs)).toEqual({
      options: [{ name: 'lines', value: '5' }],
      words: ['a', 'b', '-f'],
    });
  });

  it('are refused when they are unknown, unclear or incomplete', () => {
    expect(() => getopt(['--f'], specs)).toThrow('ambiguous');
    expect(() => getopt(['--no'], specs)).toThrow('unrecognized');
    expect(() => getopt(['-x'], specs)).toThrow("invalid option -- 'x'");
    expect(() => getopt(['-u'], specs)).toThrow('requires an argument');
    expect(() => getopt(['--follow=1'], specs)).toThrow("doesn't allow an argument");
  });
});
