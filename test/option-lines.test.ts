import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankOptionLines, optionLines } from '../kernel/option-lines.js';

describe('option lines', () => {
  it('stand at the head of a cell, and nowhere else', () => {
    expect(optionLines('\n#| a: 1\n#|   - b\n\n//| c: 2\ncode\n#| d: 3')).toEqual({
      yaml: 'a: 1\n  - b\nc: 2',
      count: 5,
    });
    for (const code of ['', 'code', '// | a', '# a: 1', '#!x', 'x\n#| a: 1', '%%sh\n#| a: 1'])
      expect([code, optionLines(code)]).toEqual([code, undefined]);
  });

  it('become blanks, and everything else keeps its place, whatever the cell holds', () => {
    const line = fc.oneof(
      fc.constantFrom('#| a: 1', '//|', '# | b', '', '  #| c', '%%sh', '#private', 'x // #| y'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), lines => {
        const code = lines.join('\n');
        const blanked = blankOptionLines(code);
        expect(blanked).toHaveLength(code.length);
        const { count = 0 } = optionLines(code) ?? {};
        expect(blanked.split('\n').slice(count)).toEqual(code.split('\n').slice(count));
        expect(blanked.split('\n').slice(0, count).join('').trim()).toBe('');
      }),
    );
  });
});
