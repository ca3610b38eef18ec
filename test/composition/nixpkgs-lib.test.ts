import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetPath } from '../../src/assets.js';
import { loadLib } from '../../src/composition/lib.js';
import { type AttrSet, Evaluator } from '../../src/nix/index.js';

/** A checkout of nixpkgs' lib, with its tests (the folder `lib` of nixpkgs). */
const checkout = process.env.NIXPKGS_LIB;

/** With a store, a path in a string is the path of its copy in the store. */
const NEEDS_STORE = ['testHasInfixPathStoreDir'];
/** lib.systems.elaborate is not there. */
const NEEDS_PLATFORMS = ['testPlatformMatchAttrs'];

const evaluator = new Evaluator({ trace: () => {}, budget: { milliseconds: 60_000 } });
const { lib } = loadLib(evaluator);

if (checkout) {
  const file = join(checkout, 'tests/misc.nix');
  // The cases as a set: runTests would only give those that fail.
  const text = readFileSync(file, 'utf8')
    .replace(/\nrunTests \{/, '\n{')
    .replace('import ../default.nix', 'ours');
  const cases = evaluator.evaluate(text, { file, directory: dirname(file), scope: { ours: lib } }) as AttrSet;
  const holds = evaluator.evaluate('{ expr, expected, ... }: expr == expected');

  describe("nixpkgs' own tests of lib", () => {
    const names = cases.names().filter(name => ![...NEEDS_STORE, ...NEEDS_PLATFORMS].includes(name));
    it.each(names)('%s', name => {
      expect(evaluator.call(holds, cases.get(name)!)).toBe(true);
    });
  });

  describe("the tables are what the checkout's lib gives", () => {
    const folder = assetPath('test/composition/lib');
    const theirs = evaluator.import(checkout) as AttrSet;
    const options = { scope: { lib: theirs }, directory: join(folder, 'files') };
    it.each(readdirSync(join(folder, 'expressions')))('%s', table => {
      const { values } = JSON.parse(readFileSync(join(folder, 'expressions', table), 'utf8'));
      for (const [expression, expected] of Object.entries(values)) {
        // It asks the store.
        if (expression.includes('lib.toDerivation')) continue;
        expect(evaluator.toJson(evaluator.evaluate(expression, options)), expression).toEqual(expected);
      }
    });
  });
}

describe("the tests of nixpkgs' lib", () => {
  it('run when NIXPKGS_LIB says where they are', () => {
    if (checkout) expect(existsSync(join(checkout, 'tests/misc.nix'))).toBe(true);
    // What they would show of each function stands in lib.test.ts, recorded.
    expect(lib.names().length).toBeGreaterThan(490);
  });
});
