import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { buildLocal } from '../../src/composition/local-build.js';
import { openProject } from '../../src/composition/project.js';
import type { RoleSpec } from '../../src/composition/role-spec.js';
import type { Build } from '../../src/composition/types.js';
import { NxcError } from '../../src/errors.js';
import { writeLayer } from '../../src/flavours/local/layer.js';
import { temporaryFolder } from '../composition/temporary.js';
import { oddName } from '../helpers/odd-names.js';

/**
 * Compositions that want what no composition should: each is a clear error or a right build, within limits of time and memory,
 * writes nothing outside of its project, and runs nothing.
 */

/** Longer than any evaluation may take, which is 5 s and what a machine with other work adds. */
const LIMIT_MS = 30_000;

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const role = (body: string): string =>
  `{ pkgs, lib, ... }: { roles.foo = { pkgs, lib, config, ... }: { ${body} }; }`;
const value = (expression: string): string => role(`environment.variables.A = toString (${expression});`);
/** Text that ends in a script of a unit, in a command line, in an environment and in files. */
const everywhere = (text: string): string => {
  const nix = JSON.stringify(text)
    .replaceAll('${', '\\${')
    .replace(/\\u[0-9a-f]{4}/g, '?');
  return role(`
    environment.variables.A = ${nix};
    environment.etc."a".text = ${nix};
    environment.shellAliases.a = ${nix};
    networking.extraHosts = "";
    users.users.bob = { isNormalUser = true; description = ${nix}; };
    systemd.services.a = {
      description = ${nix}; environment.B = ${nix}; wantedBy = [ "multi-user.target" ];
      serviceConfig = { Type = "oneshot"; SyslogIdentifier = "x"; };
      script = "printf %s " + lib.escapeShellArg ${nix};
    };`);
};

interface Case {
  composition: string;
  /** Files beside it. */
  files?: Record<string, string>;
  /** What else is in the project. */
  prepare?(project: string, outside: string): void;
  /** What it has to end with; without it both an error and a build are right. */
  expect?: 'refused' | 'built' | RegExp;
}

const bomb =
  'let double = n: x: if n == 0 then x else double (n - 1) (x + x); list = n: x: if n == 0 then x else list (n - 1) (x ++ x); in';

const cases: Record<string, Case> = {
  // Depth and length.
  'a recursion without end': { composition: value('let f = x: f x; in f 1'), expect: 'refused' },
  'a recursion of two functions': {
    composition: value('let f = x: g x; g = x: f (x + 1); in f 1'),
    expect: 'refused',
  },
  'a value that needs itself': { composition: value('let x = x; in x'), expect: 'refused' },
  'sets in sets without end': {
    composition: value('let f = x: { a = f x; }; in builtins.deepSeq (f 1) 1'),
    expect: 'refused',
  },
  'lists in lists without end': {
    composition: value('let f = x: [ (f x) ]; in builtins.toJSON (f 1)'),
    expect: 'refused',
  },
  'modules that import modules without end': {
    composition: role('imports = [ (let f = n: { imports = [ (f (n + 1)) ]; }; in f 0) ];'),
    expect: 'refused',
  },
  'a file that imports itself': {
    composition: value('import ./self.nix'),
    files: { 'self.nix': 'import ./self.nix' },
    expect: 'refused',
  },
  'a set that contains itself as a role': {
    composition: '{ ... }: let s = { roles.foo = s; }; in s',
    expect: 'refused',
  },
  '20,000 brackets': { composition: value('['.repeat(20_000)), expect: 'refused' },
  '20,000 closed brackets': {
    composition: value(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  },
  '20,000 parentheses': {
    composition: value(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`),
  },
  '20,000 additions': { composition: value(`1${'+1'.repeat(20_000)}`) },
  '20,000 functions': { composition: value(`(${'x:'.repeat(20_000)}1)`) },
  '20,000 conditions': { composition: value(`${'if true then '.repeat(5000)}1${' else 2'.repeat(5000)}`) },
  '20,000 interpolations': { composition: value(`${'"${'.repeat(5000)}"x"${'}"'.repeat(5000)}`) },
  '3,000 attribute names': { composition: value(`{ ${'a.'.repeat(3000)}b = 1; }`) },
  '1,000 roles': {
    composition:
      '{ lib, ... }: { roles = lib.genAttrs (map (n: "r${toString n}") (lib.range 1 1000)) (_: { ... }: { }); }',
  },
  '100,000 nodes': {
    composition: '{ ... }: { roles.foo = { ... }: { }; rolesDistribution.foo = 100001; }',
    expect: 'refused',
  },
  'a line of 5 MB': { composition: value(`"${'x'.repeat(5_000_000)}" + 1`), expect: 'refused' },
  'JSON in JSON without end': {
    composition: value('builtins.fromJSON (lib.concatStrings (lib.genList (_: "[") 200000))'),
    expect: 'refused',
  },
  'TOML in TOML without end': {
    composition: value('builtins.fromTOML ("a = " + lib.concatStrings (lib.genList (_: "[") 200000))'),
    expect: 'refused',
  },

  // Memory.
  'a string that doubles': {
    composition: value(`${bomb} builtins.hashString "sha256" (double 40 "x")`),
    expect: 'refused',
  },
  'strings that fill the memory': {
    composition: value(
      `${bomb} builtins.toJSON (lib.genList (n: double 20 "\${toString n}abcdefghijk") 200)`,
    ),
    expect: 'refused',
  },
  'a list that doubles': { composition: value(`${bomb} builtins.length (list 40 [ 1 ])`), expect: 'refused' },
  'a list of a billion': {
    composition: value('builtins.length (builtins.genList (n: n) 1000000000)'),
    expect: 'refused',
  },
  'a list of the most there can be': {
    composition: value('builtins.length (builtins.genList (n: n) 9223372036854775807)'),
    expect: 'refused',
  },
  'a list of lists': {
    composition: value(
      `${bomb} let one = list 20 [ 1 ]; in builtins.length (lib.concatLists (lib.genList (_: one) 10000))`,
    ),
    expect: 'refused',
  },
  'sets that are copied': {
    composition: value(
      'builtins.length (builtins.attrNames (builtins.foldl\' (a: n: a // { "k${toString n}" = a; }) { } (lib.range 1 100000)))',
    ),
    expect: 'refused',
  },
  'replaced by more': {
    composition: value(
      `${bomb} builtins.stringLength (builtins.replaceStrings [ "x" ] [ (double 20 "y") ] (double 20 "x"))`,
    ),
    expect: 'refused',
  },
  'a unit with a script of 300 MB': {
    composition: role(`systemd.services.a.script = ${bomb} double 28 "x";`),
  },

  // Time.
  'a loop that counts': {
    composition: value("builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n) 500000000)"),
    expect: 'refused',
  },
  Fibonacci: {
    composition: value('let f = n: if n < 2 then n else f (n - 1) + f (n - 2); in f 60'),
    expect: 'refused',
  },
  'a sort by chance': {
    composition: value('builtins.length (builtins.sort (a: b: true) (builtins.genList (n: n) 3000000))'),
  },

  // Files.
  ...Object.fromEntries(
    [
      'builtins.readFile "/etc/passwd"',
      'builtins.readFile /etc/shadow',
      'builtins.readFile ~/.ssh/id_rsa',
      'builtins.readFile "/proc/self/environ"',
      'builtins.readFile "/proc/self/mem"',
      'builtins.readFile /dev/zero',
      'builtins.readFile /dev/stdin',
      'builtins.readFile ../outside/secret',
      'builtins.readFile (./. + "/../../../../../../../etc/passwd")',
      'builtins.readFile ./link',
      'builtins.readFile ./folder/secret',
      'builtins.readFile ./fifo',
      'builtins.readFile ./large',
      'builtins.readDir /root',
      'builtins.readFileType /etc/shadow',
      'builtins.hashFile "sha256" /etc/shadow',
      'import ../outside/secret',
      'import ./fifo',
      'import /dev/zero',
      'import "/proc/self/cwd"',
      'import <nixpkgs/../../etc/passwd>',
      'import <etc/passwd>',
      'scopedImport { } /etc/passwd',
      '"${/etc/shadow}"',
      '"${./fifo}"',
      'builtins.path { path = /etc; }',
      'builtins.path { path = ../outside; name = "../../x"; }',
      'builtins.filterSource (_: _: true) /etc',
      'builtins.toJSON /etc/shadow',
      'builtins.storePath "/etc/shadow"',
      'lib.fileContents /etc/shadow',
      'lib.importTOML /etc/shadow',
      'lib.filesystem.listFilesRecursive /etc',
      'lib.sources.cleanSource /etc',
      // What Nix has, and what runs or fetches.
      'builtins.exec [ "touch" "ran" ]',
      'builtins.importNative ./x.so "f"',
      'builtins.fetchurl "file:///etc/passwd"',
      'builtins.fetchurl "http://127.0.0.1:1/x"',
      'builtins.fetchurl "$(touch ran)"',
      'builtins.fetchTarball "--help"',
      'builtins.fetchGit { url = "ext::sh -c touch% ran"; }',
      'builtins.fetchGit "/etc"',
      'builtins.fetchMercurial "http://127.0.0.1:1/$(touch ran)"',
      'builtins.fetchTree { type = "path"; path = "/etc"; }',
      'builtins.getFlake "path:/etc"',
      'import (pkgs.runCommand "x" { } "touch ran; echo 1 > $out")',
      'builtins.readFile (pkgs.writeText "x" "1")',
      'builtins.readFile (builtins.derivation { name = "x"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "touch ran" ]; })',
      '(builtins.derivationStrict { name = "../../x"; system = "x"; builder = "x"; }).out',
      'builtins.toFile "x" "${pkgs.writeText "../../y" "1"}"',
      'builtins.unsafeDiscardStringContext "${./.}/../../../etc/passwd" + builtins.readFile "/etc/hostname"',
      'builtins.appendContext "/etc/passwd" { "/etc/passwd" = { path = true; }; }',
      'builtins.getEnv "HOME"',
      'builtins.currentTime',
      'pkgs.python3Packages."evil.module"',
      'pkgs."../../../../bin/sh"',
      'lib.getExe pkgs."-x"',
      'builtins.constructor',
      'pkgs.__proto__',
      '{ __proto__ = { polluted = 1; }; }.polluted',
      '(builtins.fromJSON "{\\"__proto__\\": {\\"polluted\\": 1}}").polluted',
    ].map(expression => [expression, { composition: value(expression), prepare: withOddFiles }]),
  ),
  'a source of a file of /etc that is outside': {
    composition: role('environment.etc.a.source = "/etc/shadow";'),
    expect: /outside of the project/,
  },
  'a source that is a link to outside': {
    composition: role('environment.etc.a.source = ./link;'),
    prepare: withOddFiles,
    expect: 'refused',
  },

  // What ends in scripts, command lines and tables.
  ...Object.fromEntries(
    [
      '$(touch ran)',
      '`touch ran`',
      "'; touch ran; '",
      '"; touch ran; "',
      '\\"; touch ran #',
      "'\\''$(touch ran)'\\''",
      '${IFS}touch${IFS}ran',
      '%n %h %% %{x}',
      'a\nb\n. ./ran',
      '\n]\ntouch ran\n[',
      '*?[a]{a,b}~!#&|<>()',
      'x:0:0:root:/root:/bin/sh\nevil:x:0:0',
      '-n -e --',
      '\\x27;touch ran',
      '\u001b]0;title\u0007\u001b[2J',
    ].map(text => [
      `the text ${JSON.stringify(text)}`,
      { composition: everywhere(text), expect: 'built' as const },
    ]),
  ),
  'a command line with a variable of the shell': {
    composition: role(
      'systemd.services.a.serviceConfig.ExecStart = "/bin/echo $(touch ran) `touch ran`; touch ran && touch ran";',
    ),
    expect: 'built',
  },
  'a variable with a command in its name': {
    composition: role('environment.variables."A=$(touch ran); B" = "1";'),
    expect: 'refused',
  },
  'a password hash with a line': {
    composition: role('users.users.bob = { isNormalUser = true; hashedPassword = "x:0\\nadmin::0:::::"; };'),
    expect: 'refused',
  },

  // Errors.
  'an error that a terminal would obey': {
    composition: value('throw "\u001b]0;title\u0007\u001b[31mred\u009b2J"'),
    expect: 'refused',
  },
  'an error beside a line that a terminal would obey': {
    composition: value('"\u001b]52;c;eA==\u0007" + 1'),
    expect: 'refused',
  },
  'an error that turns text around': { composition: value('throw "\u202egnp.x"'), expect: 'refused' },
  'a trace that a terminal would obey': {
    composition: value('builtins.trace "\u001b[2J\u001b]0;x\u0007" 1'),
    expect: 'built',
  },
  'an error of 5 MB': { composition: value(`${bomb} throw (double 22 "x")`), expect: 'refused' },
};

function withOddFiles(project: string, outside: string): void {
  spawnSync('mkfifo', [join(project, 'fifo')]);
  symlinkSync(join(outside, 'secret'), join(project, 'link'));
  symlinkSync(outside, join(project, 'folder'));
  writeFileSync(join(project, 'large'), '');
  truncateSync(join(project, 'large'), 2 ** 33);
  // Python would import it from its working folder.
  writeFileSync(join(project, 'evil.py'), 'open("ran", "w")\n');
}

const SECRETS = [/SECRET-OUTSIDE/, /root:x?[:*!$]/, /^PATH=/m];
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

const all = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

const counts = { cases: 0, refused: 0, built: 0, slowest: 0 };
const began = Date.now();

async function attempt({ composition, files = {}, prepare, expect: wanted }: Case): Promise<void> {
  const outer = temporaryFolder({ 'outside/secret': '"SECRET-OUTSIDE"' });
  const [project, outside, run] = ['project', 'outside', 'run'].map(name => join(outer, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(project);
  for (const [name, text] of Object.entries({ 'composition.nix': composition, ...files })) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  prepare?.(project, outside);
  const cwd = process.cwd();
  const before = {
    outer: all(outside),
    here: readdirSync(cwd),
    root: readdirSync('/'),
    tmp: readdirSync('/tmp').filter(name => name === 'ran'),
  };
  const started = Date.now();
  const said: string[] = [];
  let outcome: 'refused' | 'built' = 'built';
  const job = { step() {}, details() {}, log() {}, finish() {}, fail() {}, cancel() {} };
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const built = await buildLocal(
      { project: openProject(project) },
      { job: () => job, warn: message => said.push(message), signal },
    );
    const roles = Object.values((built.info['x-nxc'] as { roles: Record<string, RoleSpec> }).roles);
    for (const spec of roles.slice(0, 3)) {
      layer(join(run, spec.role), spec, built);
      runScripts(join(run, spec.role), spec);
    }
    said.push(JSON.stringify(roles.slice(0, 3).map(({ variables }) => variables)).slice(0, 10_000));
  } catch (error) {
    // Everything else is a bug of ours.
    if (!(error instanceof NxcError)) throw error;
    expect(error.name).not.toBe('InterruptedError');
    outcome = 'refused';
    said.push(error.message);
    expect(error.message.split('\n')[0]).not.toBe('');
    if (wanted instanceof RegExp) expect(error.message).toMatch(wanted);
  }
  const took = Date.now() - started;
  if (wanted !== undefined)
    expect([outcome, said.join('\n').slice(0, 300)]).toEqual([
      wanted instanceof RegExp ? 'refused' : wanted,
      expect.anything(),
    ]);
  for (const secret of SECRETS) expect(said.join('\n')).not.toMatch(secret);
  expect(said.join('\n').slice(0, 1000)).not.toMatch(UNSAFE);
  expect(took).toBeLessThan(LIMIT_MS);
  expect({
    outer: all(outside),
    here: readdirSync(cwd),
    root: readdirSync('/'),
    tmp: readdirSync('/tmp').filter(name => name === 'ran'),
  }).toEqual(before);
  expect(readdirSync(outer).filter(name => !['outside', 'project', 'run'].includes(name))).toEqual([]);
  expect(all(outer).filter(path => path.split('/').at(-1) === 'ran')).toEqual([]);
  counts.cases++;
  counts[outcome]++;
  counts.slowest = Math.max(counts.slowest, took);
}

/** What a start would write. */
function layer(path: string, spec: RoleSpec, { info }: Build): void {
  void info;
  writeLayer({
    path,
    spec,
    isolation: 'user',
    plan: [],
    nodes: [{ name: 'foo', role: spec.role, address: '10.0.0.1' }],
    deployment: {},
    packages: undefined,
  });
}

/** Reads as shells would what shells will read: nothing but assignments may happen. */
function runScripts(path: string, { units }: RoleSpec): void {
  const files = [
    'etc/nxc/environment',
    'etc/profile',
    ...units.map(({ name }) => `etc/nxc/units/${name}/unit`),
  ];
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'for file; do . "$file" || exit; done', 'bash', ...files.map(file => join(path, file))],
    {
      cwd: path,
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(readFileSync(join(path, 'etc/passwd'), 'utf8')).not.toMatch(/^evil:/m);
}

describe('a hostile composition', () => {
  it.each(Object.entries(cases))('%s', { timeout: 2 * LIMIT_MS }, (_, one) => attempt(one));

  it(`of odd names in many places at once, seed ${SEED}`, { timeout: 120_000 }, async () => {
    const nix = (text: string) => `"${text.replace(/[\\"]|\$\{/g, found => `\\${found}`)}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(oddName, { minLength: 8, maxLength: 8 }), async names => {
        const [a, b, c, d, e, f, g, h] = names.map(nix);
        await attempt({
          composition: role(`
            environment.etc.${a}.text = ${b}; environment.variables.V = ${c};
            systemd.services.${d} = { script = "true"; description = ${e}; };
            users.users.u = { isNormalUser = true; description = ${f}; };
            environment.systemPackages = [ (pkgs.writeTextDir ${g} ${h}) ];`),
        });
      }),
      { numRuns: 25, seed: SEED },
    );
  });

  afterAll(() => {
    const { cases: total, refused, built, slowest } = counts;
    console.log(
      `hostile compositions: ${total} tried, ${refused} refused, ${built} built, 0 outside, 0 run; slowest ${slowest} ms, all ${Date.now() - began} ms, seed ${SEED}`,
    );
  });
});
