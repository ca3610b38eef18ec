import { Attrs } from '../attrs.js';
import { expectString } from '../expect.js';
import type { Builtins } from './builtin.js';

export const versionBuiltins: Builtins = {
  splitVersion: version => components(expectString(version)),
  compareVersions: (a, b) => compareVersions(expectString(a), expectString(b)),
  parseDrvName: value => {
    const text = expectString(value);
    // The version begins after the first dash that no letter follows.
    const at = text.search(/-[^a-zA-Z]/);
    return Attrs.from(
      at === -1 ? { name: text, version: '' } : { name: text.slice(0, at), version: text.slice(at + 1) },
    );
  },
};

function components(version: string): string[] {
  return version.match(/\d+|[^\d.-]+/g) ?? [];
}

function compareVersions(a: string, b: string): bigint {
  const left = components(a);
  const right = components(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    if (isLess(x, y)) return -1n;
    if (isLess(y, x)) return 1n;
  }
  return 0n;
}

/** Nix manual, `nix-env --upgrade`: `pre` comes before anything, nothing before a number, letters before numbers. */
function isLess(a: string, b: string): boolean {
  const isNumber = (text: string) => /^\d+$/.test(text);
  if (isNumber(a) && isNumber(b)) return BigInt(a) < BigInt(b);
  if (a === '' && isNumber(b)) return true;
  if (a === 'pre' && b !== 'pre') return true;
  if (b === 'pre') return false;
  if (isNumber(b)) return true;
  return !isNumber(a) && a < b;
}
