import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assetPath } from '../../src/assets.js';
import { loadLib } from '../../src/composition/lib.js';
import { Evaluator } from '../../src/nix/index.js';
import { temporaryFolder } from './temporary.js';

/** Expression → value, as nixpkgs' lib gives it. */
const cases: Array<[string, unknown]> = [
  ['lib.splitString "." "a.b.c"', ['a', 'b', 'c']],
  ['lib.concatMapStringsSep "," toString [ 1 2 ]', '1,2'],
  ['lib.concatStringsSep "-" (lib.mapAttrsToList (n: v: "${n}=${v}") { b = "2"; a = "1"; })', 'a=1-b=2'],
  ['lib.escapeShellArgs [ "a b" "it\'s" 3 ]', "'a b' 'it'\\''s' 3"],
  ['lib.escapeSystemdExecArgs [ "a b" "100%" "$x" ]', '"a b" "100%%" "$$x"'],
  ['map (lib.hasPrefix "ab") [ "abc" "a" ]', [true, false]],
  ['lib.hasInfix "." "abc"', false],
  ['lib.removeSuffix ".nix" "a.nix"', 'a'],
  ['lib.trim "  x y \n"', 'x y'],
  ['lib.toInt "-007"', -7],
  ['lib.toUpper "aé"', 'Aé'],
  ['lib.versionAtLeast "1.10" "1.9"', true],
  ['lib.versions.majorMinor "1.2.3"', '1.2'],
  ['lib.unique [ 1 2 1 ]', [1, 2]],
  ['lib.flatten [ 1 [ 2 [ 3 ] ] ]', [1, 2, 3]],
  ['lib.range 2 4', [2, 3, 4]],
  [
    '[ (lib.take 2 [ 1 2 3 ]) (lib.drop 2 [ 1 2 3 ]) (lib.last [ 1 2 ]) (lib.init [ 1 2 ]) ]',
    [[1, 2], [3], 2, [1]],
  ],
  ['lib.foldr (a: b: a + b) "" [ "a" "b" ]', 'ab'],
  ['lib.imap1 (i: x: "${toString i}${x}") [ "a" "b" ]', ['1a', '2b']],
  ['lib.zipLists [ 1 2 ] [ "a" ]', [{ fst: 1, snd: 'a' }]],
  ['lib.recursiveUpdate { a.b = 1; a.c = 2; } { a.b = 3; }', { a: { b: 3, c: 2 } }],
  ['lib.attrByPath [ "a" "b" ] 0 { a.b = 5; }', 5],
  ['lib.filterAttrs (n: v: v > 1) { a = 1; b = 2; }', { b: 2 }],
  ['lib.genAttrs [ "a" ] (n: n + "!")', { a: 'a!' }],
  ["lib.mapAttrs' (n: v: lib.nameValuePair (n + n) v) { a = 1; }", { aa: 1 }],
  ['lib.optionals false [ 1 ] ++ lib.optional true 2', [2]],
  ['lib.optionalAttrs true { a = 1; } // lib.optionalAttrs false { b = 1; }', { a: 1 }],
  [
    'lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 ]; }',
    [
      { a: 1, b: 3 },
      { a: 2, b: 3 },
    ],
  ],
  ['lib.generators.toINI { } { s = { a = 1; b = true; }; t.x = "y"; }', '[s]\na=1\nb=true\n\n[t]\nx=y\n'],
  ['lib.generators.toKeyValue { } { A = "x"; }', 'A=x\n'],
  [
    'lib.cli.toGNUCommandLine { } { v = true; name = "x"; l = [ 1 2 ]; q = null; n = false; }',
    ['-l', '1', '-l', '2', '--name', 'x', '-v'],
  ],
  ['lib.makeBinPath [ "/a" "/b" ]', '/a/bin:/b/bin'],
  ['lib.pipe 3 [ (x: x + 1) toString ]', '4'],
  ['(lib.mkIf true 1)._type', 'if'],
  ['lib.naturalSort [ "n10" "n9" ]', ['n9', 'n10']],
  ['lib.fixedWidthNumber 3 7', '007'],
  [
    'lib.mapAttrsToListRecursive (path: value: [ path value ]) { a.b = 1; c = 2; }',
    [
      [['a', 'b'], 1],
      [['c'], 2],
    ],
  ],
  [
    'lib.updateManyAttrsByPath [ { path = [ "a" "b" ]; update = n: n + 1; } ] { a.b = 1; c = 2; }',
    { a: { b: 2 }, c: 2 },
  ],
  ['(lib.toposort (a: b: a == b - 1) [ 3 2 1 ]).result', [1, 2, 3]],
  ['(lib.toposort (_: _: true) [ 3 2 1 ]).cycle', [3, 2]],
  ['lib.lists.removePrefix [ 1 ] [ 1 2 ] ++ lib.lists.commonPrefix [ 1 2 ] [ 1 3 ]', [2, 1]],
  ['lib.escapeURL "a b/100%~é"', 'a%20b%2F100%25~é'],
  ['lib.showOption [ "users" "a b" "*" "<name>" ]', 'users."a b".*.<name>'],
  ['lib.strings.sanitizeDerivationName "..a b!c"', 'a-b-c'],
  ['lib.strings.floatToString 1.5', '1.500000'],
  ['[ (builtins.tryEval (lib.toInt "012")).success (lib.toIntBase10 "012") ]', [false, 12]],
  ['lib.toCamelCase "some_thing else-here"', 'someThingElseHere'],
  ['lib.fromHexString "fF"', 255],
  ['((lib.callPackageWith { a = 1; } ({ a, b }: { sum = a + b; }) { b = 2; }).override { b = 3; }).sum', 4],
  [
    'lib.generators.toGitINI { user.name = "x \\"y\\""; remote.origin.fetch = [ "a" "b" ]; }',
    '[remote "origin"]\n\tfetch = "a"\n\tfetch = "b"\n\n[user]\n\tname = "x \\"y\\""\n',
  ],
  ['lib.generators.toPretty { } { a = "x\\ny"; }', "{\n  a = ''\n    x\n    y'';\n}"],
];

const evaluator = new Evaluator();
const { lib } = loadLib(evaluator);

describe('lib', () => {
  it.each(cases)('%s', (expression, expected) => {
    expect(evaluator.toJson(evaluator.evaluate(expression, { scope: { lib } }))).toEqual(expected);
  });

  it('has every function of its topics at the top too, and each of them is a value', () => {
    for (const name of lib.names()) evaluator.force(lib.get(name)!);
    expect(lib.names().length).toBeGreaterThan(250);
  });
});

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
    it('gives the same', () => {
      const home = temporaryFolder();
      const list = cases.map(([expression]) => `(${expression})`).join('\n');
      const text = `let lib = import ${assetPath('src/composition/lib')}; in [\n${list}\n]`;
      const output = execFileSync('nix-instantiate', ['--eval', '--strict', '--json', '-E', text], {
        encoding: 'utf8',
        env: {
          ...process.env,
          HOME: home,
          NIX_CONFIG: 'build-users-group =\nsandbox = false',
          NIX_STORE_DIR: `${home}/store`,
          NIX_STATE_DIR: `${home}/state`,
          NIX_LOG_DIR: `${home}/log`,
        },
      });
      expect(JSON.parse(output)).toEqual(cases.map(([, value]) => value));
    });
  },
);
