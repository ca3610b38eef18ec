import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codePointsOf, unitsOf } from '../../kernel/session/code-points.js';

const text = fc.string({ unit: 'binary' });

it('offsets in code points and in UTF-16 units lead to the same place in any text', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      // A surrogate at the seam would make one character of two halves.
      fc.pre([...(before + after)].length === [...before].length + [...after].length);
      expect(unitsOf(before + after, [...before].length)).toBe(before.length);
      expect(codePointsOf(before + after, before.length)).toBe([...before].length);
    }),
  );
});

it('offsets beyond the text mean its end', () => {
  expect(unitsOf('🦀', 5)).toBe(2);
  expect(codePointsOf('🦀', 5)).toBe(1);
});
