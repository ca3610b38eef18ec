import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asInnerPath, asName, innerPathFault, type NameKind, nameFault, within } from '../src/name.js';
import { accepted, oddName } from './helpers/odd-names.js';

const kinds: NameKind[] = ['composition', 'build', 'role', 'node', 'unit', 'user', 'group', 'package'];

describe('a name', () => {
  it('is one segment of a path and no option, or an error on one line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), oddName, (kind, text) => {
        const fault = nameFault(kind, text);
        if (fault !== undefined) {
          expect(fault).toMatch(/^[^\p{C}\n]+$/u);
          expect(() => asName(kind, text)).toThrow(/^a \w+ cannot be called/);
          return;
        }
        expect(relative('/folder', within('/folder', asName(kind, text)))).toBe(text);
        expect(text).not.toMatch(/^-|\/|[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Object.entries(accepted))('of a %s is what NixOS accepts', (kind, names) => {
    for (const name of names) expect([name, nameFault(kind as NameKind, name)]).toEqual([name, undefined]);
  });
});

describe('a path within a folder', () => {
  it('leads to something in it, whatever it is joined to', () => {
    fc.assert(
      fc.property(fc.array(oddName, { minLength: 1, maxLength: 4 }), parts => {
        const path = parts.join('/');
        if (innerPathFault(path) !== undefined) return;
        expect(join('/folder', asInnerPath(path))).toBe(`/folder/${path}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['a/b.conf', 'ssh/ssh_config', 'app.d/10 main.conf', '..data', 'ünï/code'])('%s', path => {
    expect(innerPathFault(path)).toBeUndefined();
  });
});
