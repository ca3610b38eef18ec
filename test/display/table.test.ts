import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortNumber } from '../../src/display/number.js';
import { isRows, Table } from '../../src/display/table.js';
import { tableOf } from '../../src/driver/results-table.js';

test('a table has a column for every key of any row, in order of appearance', () => {
  expect(new Table([{ a: 1 }, { b: 'x', a: 2 }]).toMimeBundle()['text/plain']).toBe('a  b\n-  -\n1\n2  x');
});

test('numbers are aligned to the right, text to the left', () => {
  const { 'text/plain': text, 'text/html': html } = new Table([
    { node: 'foo', 'req/s': 5 },
    { node: 'server', 'req/s': 1200.5 },
  ]).toMimeBundle();
  expect(text).toBe('node     req/s\n------  ------\nfoo          5\nserver  1200.5');
  expect(html).toContain('<td style="text-align: right">1200.5</td>');
  expect(html).toContain('<td style="text-align: left">server</td>');
  // A browser would break it while another column is wide.
  const table = new Table([{ up: '1.5 s' }]);
  expect(table.toMimeBundle()['text/html']).toContain('<td nowrap style="text-align: left">1.5 s</td>');
});

test('a table without rows and columns says so instead of showing nothing', () => {
  expect(new Table([]).toMimeBundle()).toEqual({
    'text/plain': 'no rows',
    'text/html': expect.stringContaining('no rows'),
  });
  expect(new Table([], { title: 'nodes' }).toMimeBundle()['text/plain']).toBe('nodes\nno rows');
  expect(new Table([], { columns: ['node'] }).toMimeBundle()['text/plain']).toBe('node\n----');
});

test('values of the user show as what they are, and only what is absent is empty', () => {
  const rows = [
    {
      n: Number.NaN,
      b: 2n ** 60n,
      at: new Date(0),
      none: undefined,
      nil: null,
      zero: -0,
      no: new Date(Number.NaN),
    },
    { n: 1 },
  ];
  const { 'text/plain': text, 'text/html': html } = new Table(rows, { asSuch: true }).toMimeBundle();
  const shown = [
    'NaN',
    '1152921504606846976',
    '1970-01-01T00:00:00.000Z',
    'undefined',
    'null',
    '-0',
    'Invalid Date',
  ];
  const [, , first, second] = text.split('\n');
  expect(first!.trim().split(/ {2,}/)).toEqual(shown);
  for (const value of shown) expect(html).toContain(`>${value}</td>`);
  expect(second!.trim()).toBe('1');
});

test('a long table shows its first rows and counts the others', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({ i }));
  const { 'text/plain': text } = new Table(rows, { limit: 3 }).toMimeBundle();
  expect(text.split('\n')).toEqual(['i', '-', '0', '1', '2', '… 997 more of 1000 rows']);
});

test('no text of a cell, a column or a title becomes markup', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (cell, column, title) => {
      const html = String(new Table([{ [column]: cell }], { title }).toMimeBundle()['text/html']);
      const markup = html.match(/<[^>]*>/g)!.join('');
      expect(markup).toMatch(
        /^(<table class="mathjax_ignore tex2jax_ignore">|<caption style="text-align: left; white-space: nowrap">|<\/?(table|caption|thead|tbody|tr)>|<t[hd]( nowrap)? style="text-align: (left|right)"( title="[^"<>]*")?>|<\/t[hd]>)*$/,
      );
    }),
  );
});

test('a cell of several lines stays on one line of the text', () => {
  const { 'text/plain': text } = new Table([{ out: 'one\ntwo' }]).toMimeBundle();
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toContain('one ⏎ two');
});

test('a narrow terminal shortens cells until the lines fit', () => {
  const table = new Table([{ a: 'x'.repeat(50), b: 'y'.repeat(50) }]);
  for (const line of table.toTerminal(40).split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  expect(table.toTerminal(200)).toContain('x'.repeat(50));
});

test('only arrays of plain objects read as rows', () => {
  expect(isRows([{ a: 1 }])).toBe(true);
  for (const value of [[], [1], [{}], [{ a: 1 }, null], [new Map()], { a: 1 }, 'x'])
    expect(isRows(value)).toBe(false);
});

test('colours of a node are left out, and control characters show as what they are', () => {
  const table = new Table([{ out: '\x1b[31mred\x1b[0m\x02 \u202edetrevni' }]).toMimeBundle();
  for (const text of Object.values(table)) {
    expect(text).toContain('red␂ \\u202edetrevni');
    expect(text).not.toMatch(/[\x1b\x02\u202e]/);
  }
});

test('a column that must be whole goes on in the next line, however narrow the terminal is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[\w/.:-]{1,90}$/), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 20, max: 200 }),
      (words, columns) => {
        const table = new Table([{ name: 'n', advice: words.join(' ') }], { whole: ['advice'] });
        for (const text of [table.toTerminal(columns), String(table.toMimeBundle()['text/plain'])]) {
          const lines = text.split('\n').slice(2);
          const shown = lines.map(line => line.slice('name  '.length)).join('');
          expect(shown.replaceAll(' ', '')).toBe(words.join(''));
        }
        for (const line of table.toTerminal(columns).split('\n'))
          expect(line.length).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test('nothing is cut where there is room for it, as in a file', () => {
  const table = new Table([{ a: 'x'.repeat(300), b: 'y'.repeat(100) }]);
  expect(table.toTerminal(Number.POSITIVE_INFINITY)).toContain(`${'x'.repeat(300)}  ${'y'.repeat(100)}`);
});

test('numbers have six significant digits, with all of them in the title; whole numbers are whole', () => {
  const rows = [
    { x: 0.1 + 0.2, id: 1234567890123 },
    { x: 1234567.891, id: 65535 },
    { x: 1e-9 / 3, id: 10n ** 20n },
    { x: -0, id: Number.NaN },
  ];
  const { 'text/plain': text, 'text/html': html } = new Table(rows).toMimeBundle();
  expect(text.split('\n').slice(2)).toEqual(
    [
      '         0.3          1234567890123',
      ' 1.23457e+6                  65535',
      '3.33333e-10  100000000000000000000',
      '         -0                    NaN',
    ].map(line =>
      expect.stringMatching(new RegExp(`^ *${line.trim().replace(/[.+]/g, '\\$&').replace(/ +/, ' +')}$`)),
    ),
  );
  expect(html).toContain('title="0.30000000000000004">0.3</td>');
  expect(html).toContain('title="1234567.891">1.23457e+6</td>');
  expect(html).not.toContain('title="65535"');
});

test('a number in a table is off by less than its last digit, and one that says nothing of it is exact', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
      const text = shortNumber(value);
      if (Number.isInteger(value)) expect(Object.is(Number(text), value)).toBe(true);
      else {
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-6);
        expect(
          text
            .replace(/e.*$/, '')
            .replace(/^-?[0.]*/, '')
            .replace('.', '').length,
        ).toBeLessThanOrEqual(6);
      }
    }),
  );
});

test('results of commands show node, status, duration, stdout and stderr, and fold the rest', () => {
  const result = {
    node: 'foo',
    command: 'date',
    status: 0,
    stdout: 'today\n',
    stderr: '',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1234.5678,
    timedOut: false,
  };
  const { 'text/plain': text, 'text/html': html } = tableOf([
    result,
    { ...result, durationMs: 7.123 },
  ]).toMimeBundle();
  const [header, , first, second, rest] = text.split('\n');
  expect(header).toMatch(/^node +status +duration +stdout +stderr$/);
  expect(first).toMatch(/^foo +0 +1\.2 s +today/);
  expect(second).toMatch(/^foo +0 +7\.1 ms +today/);
  expect(rest).toBe('also: command, startedAt, timedOut');
  expect(html).toContain('title="1234.5678">1.2 s</td>');
  expect(String(html).split('<details><summary>command, startedAt, timedOut</summary>')).toHaveLength(2);
  // Other rows, and columns that were asked for, are shown as they are.
  expect(tableOf([{ node: 'foo', status: 0 }]).columns).toEqual(['node', 'status']);
  expect(tableOf([result], { columns: ['command'] }).columns).toEqual(['command']);
});

test.each([
  [1e-7, '1e-7'],
  [0.00000012345, '1.2345e-7'],
  [999_999.9999, '1e+6'],
  [123_456_789.123, '1.23457e+8'],
])('%d is %s in a table: its exponent follows the digits that count', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});
