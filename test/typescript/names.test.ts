import { expect, test } from 'vitest';
import { callAround } from '../../kernel/typescript/names.js';

test.each([
  ['f(', 'f'],
  ['area(1, ', 'area'],
  ['Math.max(1, area(2), [3, ', 'Math.max'],
  ['Math.max(1, area(2', 'Math.max(1, area'],
  ['f(")", "(", `${"("}`, ', 'f'],
  ['f({ a: (1', 'f'],
  ['f(1) + ', undefined],
  ['(1 + ', undefined],
  ['{ a: [', undefined],
])('the cursor behind %s stands in the call of %s', (code, call) => {
  const end = callAround(code, code.length);
  expect(end === undefined ? undefined : code.slice(0, end)).toBe(call);
});
