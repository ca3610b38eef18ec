import { describe, expect, it } from 'vitest';
import { withSymbolsInColour } from '../src/visible.js';

describe('text of a node for a terminal', () => {
  it('keeps its colours and nothing else that a terminal would obey', () => {
    expect(withSymbolsInColour('\x1b[1;31mred\x1b[0m a\x07b\x1bc\x1b[2Jc')).toBe('\x1b[1;31mred\x1b[0m a␇bc');
  });
});
