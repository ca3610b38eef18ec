import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Evaluator, NixError } from '../../src/nix/index.js';
import { builtins } from './expressions/builtins.js';
import { language } from './expressions/language.js';
import { refused } from './expressions/refused.js';

const expressions = { ...language, ...builtins };
const installed = spawnSync('nix-instantiate', ['--version']).status === 0;
const why = installed ? '' : ' (skipped: nix-instantiate is not installed)';

describe.skipIf(!installed)(`values are those of Nix itself${why}`, () => {
  let folder: string;
  let told: Map<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nxc-nix-'));
    writeFiles(folder);
    const all = Object.values(expressions).flat().map(placed);
    const lines = instantiate(all, folder).split('\n');
    told = new Map(all.map((expression, index) => [expression, lines[index]!]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const placed = (expression: string) => expression.replaceAll('folder', folder);

  for (const [group, members] of Object.entries(expressions)) {
    describe(group, () => {
      test.for([...members])('%s', expression => {
        const evaluator = new Evaluator({ trace: () => {} });
        const value = evaluator.evaluate(placed(expression), { directory: folder });
        expect(evaluator.print(value)).toBe(told.get(placed(expression)));
      });
    });
  }
});

describe(`what Nix refuses is an error of the same kind${why}`, () => {
  test.for([...refused])('%s: %s', ([expression, kind]) => {
    const evaluator = new Evaluator();
    const caught = errorOf(() => evaluator.deepForce(evaluator.evaluate(expression)));
    expect(caught).toBeInstanceOf(NixError);
    expect((caught as NixError).kind).toBe(kind);
    expect((caught as NixError).line).toBe(1);
    if (installed) expect(() => instantiate([expression], tmpdir())).toThrow();
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

/** One line an expression. */
function instantiate(wanted: readonly string[], cwd: string): string {
  // In parentheses, so that none is taken for an option.
  const args = wanted.map(expression => `(${expression}\n)`);
  return execFileSync('nix-instantiate', ['--eval', '--strict', '--expr', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NIX_CONFIG: 'build-users-group =\nsandbox = false', NIX_REMOTE: '' },
  });
}

function writeFiles(folder: string): void {
  const files = {
    'value.nix': '{ a = 1; b = ./text; }',
    'default.nix': 'import ./value.nix // { c = import ./function.nix 1; }',
    'function.nix': 'x: x + 1',
    'scoped.nix': 'x + 1',
    'place.nix': '\n  __curPos',
    'attrs.nix': 'rec {\n  a = 1; b = 2;\n\n  c = 3;\n}',
    text: 'some text\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'sub'));
}
