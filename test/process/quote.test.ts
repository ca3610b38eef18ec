import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quote } from '../../src/process/quote.js';

it('a quoted word is one word to bash', () => {
  fc.assert(
    fc.property(
      fc.string().filter(word => !word.includes('\0')),
      word => {
        const out = execFileSync('bash', ['-c', `printf %s ${quote(word)}`]).toString();
        expect(out).toBe(Buffer.from(word).toString());
      },
    ),
    { numRuns: 30 },
  );
});
