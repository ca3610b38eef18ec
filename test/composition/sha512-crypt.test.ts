import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha512Crypt } from '../../src/composition/sha512-crypt.js';

/** The C library's, through a program that has it. */
function crypt(password: string, salt: string): string {
  const text = 'print crypt($ARGV[0], $ARGV[1])';
  return execFileSync('perl', ['-e', text, password, `$6$${salt}$`], { encoding: 'utf8' });
}

function missing(): string | undefined {
  try {
    return crypt('a', 'b').startsWith('$6$') ? undefined : 'crypt of perl does not know sha512crypt';
  } catch {
    return 'there is no perl';
  }
}

it('a password is hashed as the specification of SHA-crypt says', () => {
  expect(sha512Crypt('Hello world!', 'saltstring')).toBe(
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  );
});

it.skipIf(missing())('a password is hashed as crypt(3) does it', () => {
  const password = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', 'é', '語', '$'), maxLength: 90 });
  const salt = fc.string({ unit: fc.constantFrom('.', '/', 'a', 'Z', '9'), minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(password, salt, (text, grain) => {
      expect(sha512Crypt(text, grain)).toBe(crypt(text, grain));
    }),
    { numRuns: 30 },
  );
});
