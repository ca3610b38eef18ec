import { expect, test } from 'vitest';
import { textAt } from '../../../src/driver/completion/texts.js';

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
  expect(textAt(code, code.length)).toBeDefined();
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
  expect(textAt(code, code.length)).toBeUndefined();
});

test('the code behind the cursor does not matter', () => {
  expect(textAt('f("abc") + x', 4)).toBeDefined();
  expect(textAt('f("abc") + x', 2)).toBeUndefined();
});

test.each([
  `"a`,
  `f'''a\n'`,
  `'''a\n`,
  `# it's`,
  'x = 1 # a',
  String.raw`r"\\`,
  String.raw`"a\"`,
  '"a" "b',
  '"""a"" "',
])('in text of Python: %s', code => {
  expect(textAt(code, code.length, 'python')).toBeDefined();
});

test.each(['', 'f("a", ', '"""a"""', `'''it's'''`, '# a\nx', '"a\nx', `''`, 'a // b', 'f"a"'])(
  'not in text of Python: %s',
  code => {
    expect(textAt(code, code.length, 'python')).toBeUndefined();
  },
);
