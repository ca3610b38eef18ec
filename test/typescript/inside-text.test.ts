import { expect, test } from 'vitest';
import { isInsideText } from '../../kernel/typescript/inside-text.js';

test.each([
  'foo.waitForUnit("',
  "foo.waitForUnit('ngi",
  'const a = `text',
  'const a = `${1 + 1} te',
  'const a = `${ {} } te',
  '// a com',
  'x = 1 // a com',
  '/* a ',
  '/* closed */ "open',
  'const r = /ab',
  'const r = /[/] a',
  'x.replace(/"/, "',
  '"a\\"b',
  '"a\\"',
  '`a\\`',
  "it('it\\'s",
])('in text: %s', code => {
  expect(isInsideText(code, code.length)).toBe(true);
});

test.each([
  '',
  'foo.',
  'foo.waitForUnit("nginx", ',
  '"closed"',
  '`closed`',
  'const a = `${fo',
  'const a = `${"x"} ${ {a: 1}.',
  '// comment\nfo',
  '/* closed */ fo',
  'a / b / c',
  '(a) / fo',
  'const r = /ab/.te',
  '"unclosed line\nfo',
  "x.replace(/'/g, fo",
])('not in text: %s', code => {
  expect(isInsideText(code, code.length)).toBe(false);
});

test('the code behind the cursor does not matter', () => {
  expect(isInsideText('f("abc") + x', 4)).toBe(true);
  expect(isInsideText('f("abc") + x', 2)).toBe(false);
});
