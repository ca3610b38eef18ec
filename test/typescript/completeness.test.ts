import { expect, test } from 'vitest';
import { completeness } from '../../kernel/typescript/completeness.js';

test.each([
  '1 + 1',
  '',
  'const x: number = 1',
  'for (const a of b) { c() }',
  'await f()',
  'import x from "y"',
  '<b>x</b>',
  '"é"',
])('%j is complete', code => {
  expect(completeness(code)).toEqual({ status: 'complete' });
});

test.each([
  ['for (;;) {', '  '],
  ['f(', '  '],
  ['[1,\n2,', ''],
  ['1 +', ''],
  ['const x =', ''],
  ['foo.', ''],
  ['`text ${', '  '],
  ['`text', ''],
  ['/* comment', ''],
  ['if (a) b; else', ''],
  ['import {', '  '],
  ['try {}', ''],
  ['@decorated', ''],
  ['if (x) {\n  foo(\n', '    '],
  ['é = (', '  '],
  ['async () =>', '  '],
  ['interface X {', '  '],
])('%j goes on', (code, indent) => {
  expect(completeness(code)).toEqual({ status: 'incomplete', indent });
});

test.each(['}', 'let x: = 3', 'a b', 'f(1))', '"open', 'f(x]', '  }\n'])(
  '%j can never become right',
  code => {
    expect(completeness(code)).toEqual({ status: 'invalid' });
  },
);
