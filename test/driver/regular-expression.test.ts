import { expect, it } from 'vitest';
import { regularExpression } from '../../src/driver/regular-expression.js';

it.each([
  ['(?i)HELLO-(?P<n>\\d+)', 'hello-123'],
  ['(?P<quote>[\'"]).*(?P=quote)', "say 'so'"],
  ['\\Aready\\Z', 'ready'],
  ['^up in \\d+ ms$', 'up in 3 ms'],
])('a regular expression may be written as in Python: %s', (text, line) => {
  expect(regularExpression(text).test(line)).toBe(true);
});

it('what is none in either language is said so', () => {
  expect(() => regularExpression('(')).toThrow('that is not a valid regular expression');
});
