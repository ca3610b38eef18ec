import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetPath } from '../../src/assets.js';
import { loadLib } from '../../src/composition/lib.js';
import { type AttrSet, Evaluator } from '../../src/nix/index.js';
import { temporaryFolder } from './temporary.js';

/**
 * What nixpkgs' lib gives, recorded from it (26.11, June 2026): values of expressions, and expressions that it refuses.
 * Relative paths start from lib/files.
 */
interface Table {
  values: Record<string, unknown>;
  refused: string[];
}

const folder = assetPath('test/composition/lib');
const directory = join(folder, 'files');
const tables = readdirSync(join(folder, 'expressions')).map(file => {
  const table = JSON.parse(readFileSync(join(folder, 'expressions', file), 'utf8')) as Table;
  return { topic: file.replace('.json', ''), ...table };
});

const evaluator = new Evaluator({ trace: () => {}, budget: { milliseconds: 30_000 } });
const { lib } = loadLib(evaluator);
const evaluated = (expression: string) =>
  evaluator.toJson(evaluator.evaluate(expression, { scope: { lib }, directory }));

describe.each(tables)('lib gives what nixpkgs gives: $topic', ({ values, refused }) => {
  it.each(Object.entries(values))('%s', (expression, expected) => {
    expect(evaluated(expression)).toEqual(expected);
  });

  it.each(refused)('refuses %s', expression => {
    expect(() => evaluated(expression)).toThrow();
  });
});

/** Names of nixpkgs' lib and of the sets in it. */
const names = JSON.parse(readFileSync(join(folder, 'names.json'), 'utf8')) as Record<string, string[]>;

describe("every name of nixpkgs' lib", () => {
  const used = tables.flatMap(({ values, refused }) => [...Object.keys(values), ...refused]).join('\n');
  const without = new Map<string, string>();

  it.each(Object.entries(names))('of %s is there, or says that local does not have it', (set, all) => {
    const own = set === 'lib' ? lib : (evaluator.force(lib.get(set)!) as AttrSet);
    const others = own.names().filter(name => !all.includes(name));
    expect(others).toEqual([]);
    for (const name of all) {
      expect(own.has(name), name).toBe(true);
      try {
        evaluator.force(own.get(name)!);
      } catch (error) {
        expect((error as Error).message).toMatch(/the flavour local does not have it, build with -f docker/);
        without.set(name, set);
      }
    }
  });

  it('has an expression in the tables, unless it is a builtin or a set', () => {
    const builtins = new Set(evaluator.builtins.names());
    const missing = Object.entries(names)
      .filter(([set]) => !['licenses', 'platforms'].includes(set))
      .flatMap(([set, all]) => all.map(name => ({ set, name })))
      .filter(({ name }) => !builtins.has(name) && !without.has(name) && !Object.hasOwn(names, name))
      .filter(({ name }) => !new RegExp(`(?<![\\w'])${quoted(name)}(?![\\w'])`).test(used))
      .map(({ set, name }) => `${set}.${name}`);
    expect(missing).toEqual(['lib.maintainers', 'lib.teams']);
  });

  it('of a person is there, and what nixpkgs knows of the person says that it is not', () => {
    expect(evaluated('builtins.length (with lib.maintainers; [ somebody other ])')).toBe(2);
    expect(() => evaluated('lib.maintainers.somebody.email')).toThrow('not known to the flavour local');
    expect(() => evaluated('builtins.attrNames lib.teams')).toThrow('not known to the flavour local');
  });
});

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const nix = (() => {
  try {
    execFileSync('nix-instantiate', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!nix)(
  `lib under real Nix${nix ? '' : ' (skipped: no nix-instantiate on this machine)'}`,
  () => {
    it.each(['attrsets', 'lists', 'generators'])('gives the same: %s', topic => {
      const home = temporaryFolder();
      const { values } = tables.find(table => table.topic === topic)!;
      const list = Object.keys(values)
        .map(expression => `(${expression})`)
        .join('\n');
      // Types and modules are in TypeScript.
      const own = `import ${assetPath('src/composition/lib')} { native = { }; data = { maintainers = { }; teams = { }; }; }`;
      const output = execFileSync(
        'nix-instantiate',
        ['--eval', '--strict', '--json', '-E', `let lib = ${own}; in [\n${list}\n]`],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
          env: {
            ...process.env,
            HOME: home,
            NIX_CONFIG: 'build-users-group =\nsandbox = false',
            NIX_STORE_DIR: `${home}/store`,
            NIX_STATE_DIR: `${home}/state`,
            NIX_LOG_DIR: `${home}/log`,
          },
        },
      );
      expect(JSON.parse(output)).toEqual(Object.values(values));
    });
  },
);
