import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globPattern } from '../src/glob.js';

describe('a glob', () => {
  it.each([
    ['client-?', 'client-1', true],
    ['client-?', 'client-10', false],
    ['*', '', true],
    ['a*c', 'abc\nc', true],
    ['a*', 'ba', false],
    ['n.1', 'n-1', false],
  ])('%s on %j: %s', (glob, text, expected) => expect(globPattern(glob).test(text)).toBe(expected));

  it('without wildcards matches itself and nothing else', () => {
    const plain = fc.string().map(text => text.replace(/[*?]/g, ''));
    fc.assert(
      fc.property(plain, plain, (glob, text) => {
        expect(globPattern(glob).test(glob)).toBe(true);
        expect(globPattern(glob).test(text)).toBe(text === glob);
      }),
    );
  });
});
