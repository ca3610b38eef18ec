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
    ['client[12]', 'client2', true],
    ['client[12]', 'client3', false],
    ['client[1-3]', 'client3', true],
    ['client[!1-3]', 'client3', false],
    ['client[^1]', 'client2', true],
    ['a[3-1]', 'a2', false],
    ['a[\\d]', 'a1', false],
    ['lost[%]', 'lost[%]', true],
    ['a[', 'a[', true],
  ])('%s on %j: %s', (glob, text, expected) => expect(globPattern(glob).test(text)).toBe(expected));

  it('matches itself, whatever is in it', () => {
    const globs = fc.string({
      unit: fc.constantFrom('a', '-', '!', '^', '[', ']', '*', '?', '\\', '\n', '|'),
    });
    fc.assert(fc.property(globs, glob => globPattern(glob).test(glob)));
  });

  it('without wildcards matches nothing but itself', () => {
    const plain = fc.string().map(text => text.replace(/[*?[]/g, ''));
    fc.assert(
      fc.property(plain, plain, (glob, text) => {
        expect(globPattern(glob).test(glob)).toBe(true);
        expect(globPattern(glob).test(text)).toBe(text === glob);
      }),
    );
  });
});
