import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFault } from '../../src/deployment/check-record.js';
import { recordFile } from '../../src/deployment/record-store.js';
import { NxcError } from '../../src/errors.js';
import { writeLayer } from '../../src/flavours/local/layer.js';
import { RunFolder } from '../../src/flavours/local/run-folder.js';
import { oddName } from '../helpers/odd-names.js';
import { buildIn, buildRole, failure } from './build.js';
import { temporaryFolder } from './temporary.js';

/** A text in Nix. */
const nix = (text: string): string =>
  `"${text.replace(/[\\"]|\$\{/g, found => `\\${found}`).replaceAll('\r', '\\r')}"`;

const role = (body: string): string => `{ pkgs, lib, ... }: { roles.foo = { pkgs, lib, ... }: { ${body} }; }`;

/** Every place where a composition gives a name, as a composition with that name. */
const places: Readonly<Record<string, (name: string) => string>> = {
  'a composition': name => `{ ${nix(name)} = { pkgs, ... }: { roles.foo = { ... }: { }; }; }`,
  'a role': name => `{ pkgs, ... }: { roles.${nix(name)} = { ... }: { }; }`,
  'a role with a node': name =>
    `{ pkgs, ... }: { roles.${nix(name)} = { ... }: { }; rolesDistribution.${nix(name)} = [ "a" ]; }`,
  'a node': name => `{ pkgs, ... }: { roles.foo = { ... }: { }; rolesDistribution.foo = [ ${nix(name)} ]; }`,
  'a unit': name =>
    role(`systemd.services.${nix(name)} = { script = "true"; wantedBy = [ "multi-user.target" ]; };`),
  'a unit that another comes after': name =>
    role(`systemd.services.a = { script = "true"; after = [ ${nix(name)} ]; wants = [ ${nix(name)} ]; };`),
  'the user of a unit': name =>
    role(`systemd.services.a = { script = "true"; serviceConfig.User = ${nix(name)}; };`),
  'a state directory': name =>
    role(`systemd.services.a = { script = "true"; serviceConfig.StateDirectory = ${nix(name)}; };`),
  'a variable of a unit': name =>
    role(`systemd.services.a = { script = "true"; environment.${nix(name)} = "1"; };`),
  'a user': name => role(`users.users.${nix(name)} = { isNormalUser = true; };`),
  'the name of a user': name => role(`users.users.a = { isNormalUser = true; name = ${nix(name)}; };`),
  'a home': name => role(`users.users.a = { isNormalUser = true; home = ${nix(name)}; };`),
  'a home below a folder': name =>
    role(`users.users.a = { isNormalUser = true; home = "/home/" + ${nix(name)}; };`),
  'a shell': name => role(`users.users.a = { isNormalUser = true; shell = ${nix(name)}; };`),
  "upstream's users": name => role(`nxc.users.names = [ ${nix(name)} ];`),
  'a group': name => role(`users.groups.${nix(name)} = { members = [ ${nix(name)} ]; };`),
  "a user's groups": name =>
    role(`users.users.a = { isNormalUser = true; extraGroups = [ ${nix(name)} ]; };`),
  'a package': name => role(`environment.systemPackages = [ pkgs.${nix(name)} ];`),
  'a package of Python': name => role(`environment.systemPackages = [ pkgs.python3Packages.${nix(name)} ];`),
  'a package of NUR': name =>
    `{ pkgs, nur, ... }: { roles.foo = { ... }: { environment.systemPackages = [ nur.repos.x.${nix(name)} ]; }; }`,
  'a package that is written': name =>
    role(`environment.systemPackages = [ (pkgs.writeShellScriptBin ${nix(name)} "true") ];`),
  'a text that is written': name => role(`environment.etc.a.source = pkgs.writeText ${nix(name)} "x";`),
  'a text in a folder': name => role(`environment.etc.a.source = pkgs.writeTextDir ${nix(name)} "x";`),
  'a text of builtins.toFile': name => role(`environment.etc.a.source = builtins.toFile ${nix(name)} "x";`),
  'a file of /etc': name => role(`environment.etc.${nix(name)}.text = "x";`),
  'the target of a file of /etc': name => role(`environment.etc.a = { text = "x"; target = ${nix(name)}; };`),
  'a file of /etc in a folder': name => role(`environment.etc.${nix(`app/${name}`)}.text = "x";`),
  'a folder that nodes share': name => role(`nxc.sharedDirs.${nix(name)} = { };`),
  'a folder below / that nodes share': name => role(`nxc.sharedDirs.${nix(`/${name}`)} = { };`),
  'a variable': name => role(`environment.variables.${nix(name)} = "1";`),
  'an alias': name => role(`environment.shellAliases.${nix(name)} = "true";`),
  'a rule of tmpfiles': name => role(`systemd.tmpfiles.rules = [ ${nix(`d ${name} 0755 root root -`)} ];`),
  'an activation script': name => role(`system.activationScripts.${nix(name)} = "true";`),
};

/** Everything below a folder. */
const all = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** Builds, and writes what a start would: returns what lies outside of the project and of the run, and what became of it. */
async function tried(
  composition: string,
  request: Parameters<typeof buildIn>[1] = {},
  file = 'composition.nix',
): Promise<{ outside: string[]; outcome: 'built' | 'refused'; error?: NxcError }> {
  const outer = temporaryFolder();
  const project = join(outer, 'a/project');
  const run = join(outer, 'a/run');
  mkdirSync(project, { recursive: true });
  mkdirSync(run);
  writeFileSync(join(project, file), composition);
  const outside = () =>
    all(outer)
      .filter(path => !/^a$|^a\/(project|run)(\/|$)/.test(path))
      .concat(readdirSync('/tmp').filter(name => name.startsWith('nxc-escaped')));
  try {
    const { specs } = await buildIn(project, request);
    for (const spec of Object.values(specs)) {
      writeLayer({
        path: join(run, 'layer'),
        spec,
        isolation: 'user',
        plan: [],
        nodes: [{ name: 'a', role: spec.role, address: '10.0.0.1' }],
        deployment: {},
        packages: undefined,
      });
    }
    return { outside: outside(), outcome: 'built' };
  } catch (error) {
    if (!(error instanceof NxcError)) throw error;
    return { outside: outside(), outcome: 'refused', error };
  }
}

describe('a name in a composition', () => {
  it.each(Object.entries(places))('of %s never leads out of the project and the run', async (_, place) => {
    await fc.assert(
      fc.asyncProperty(oddName, async name => {
        const { outside, error } = await tried(place(name));
        expect(outside).toEqual([]);
        // A sentence, with nothing in it that a terminal would obey.
        expect(error?.message ?? '').not.toMatch(/[\p{Cf}\x00-\x08\x0b-\x1f\x7f-\x9f]/u);
      }),
      { numRuns: 25 },
    );
  });

  it('that is asked for, or of its file, never leads out either', async () => {
    await fc.assert(
      fc.asyncProperty(oddName, async name => {
        const request = { compositionName: name };
        const { outside, outcome } = await tried(places['a composition']!(name), request);
        expect(outside).toEqual([]);
        const file = `${name}.nix`;
        if (outcome === 'refused' || file.includes('/') || file.length > 200) return;
        const own = await tried(role(''), { compositionFile: file }, file);
        expect(own.outside).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('shows where it stands when it cannot be used', async () => {
    expect(await failure({ 'composition.nix': places['a composition']!('../../x') })).toMatch(
      /^a composition cannot be called "..\/..\/x"\nat \/project\/composition.nix:1:3\n[\s\S]*found: it has a slash[\s\S]*to do: use letters/,
    );
    for (const [place, name] of [
      ['a role', '../x'],
      ['a node', '../x'],
      ['a unit', '../../x'],
      ['a unit', '-x'],
      ['a user', 'a:b'],
      ['a user', 'x'.repeat(32)],
      ['a home', '../x'],
      ['a file of /etc', '../x'],
      ['a file of /etc', 'passwd/x'],
      ['a folder that nodes share', '/a/../../x'],
      ['a package', '../x'],
      ['a variable', 'A=1; x'],
      ['a state directory', '../x'],
    ] as const) {
      expect(await failure({ 'composition.nix': places[place]!(name) })).toMatch(
        /\nat \/project\/composition.nix:1:\d+/,
      );
    }
  });

  it('is what NixOS accepts', async () => {
    const { units, users, etc, sharedDirs, variables } = await buildRole(`
      systemd.services = lib.genAttrs [ "getty@tty1" "foo-bar.baz" "dev-disk-by\\\\x2dlabel" "a:b" "x.service" ] (_: {
        script = "true"; after = [ "-.mount" "network-online.target" "dev-sda%i.device" ];
        serviceConfig = { StateDirectory = "app/cache"; User = "65534"; };
      });
      users.users = { alice.isNormalUser = true; "www-data" = { }; "john.doe" = { home = "/srv/a b"; }; };
      users.groups.systemd-journal.members = [ "alice" ];
      environment.etc = { "a/b.conf".text = "1"; "a/c/..d".text = "2"; "ssh/ssh_config".text = "3"; };
      environment.variables._A1 = "x";
      nxc.sharedDirs."/srv/shared data" = { };
    `);
    expect(units.map(({ name }) => name).sort()).toEqual([
      'a:b.service',
      'dev-disk-by\\x2dlabel.service',
      'foo-bar.baz.service',
      'getty@tty1.service',
      'x.service',
    ]);
    expect(users.map(({ name }) => name)).toEqual(['alice', 'john.doe', 'www-data']);
    expect(Object.keys(etc)).toEqual(['a/b.conf', 'a/c/..d', 'ssh/ssh_config']);
    expect([sharedDirs, variables]).toEqual([['/srv/shared data'], { _A1: 'x' }]);
  });
});

describe('a name in a record', () => {
  const ours = {
    run: '0123abcd',
    composition: 'c',
    flavour: 'docker',
    owner: 'o',
    started: '',
    state: 'running',
    starter: { host: 'h', pid: 1, start: 1 },
    hash: '',
    nodes: [{ name: 'a', role: 'r' }],
    runtime: { containers: { a: '0123456789ab' } },
  };

  it('is refused, or leads nowhere but below the project and the runtime folder', () => {
    expect(recordFault(ours)).toBeUndefined();
    fc.assert(
      fc.property(oddName, name => {
        const usable = (change: object) => recordFault({ ...ours, ...change }) === undefined;
        if (usable({ composition: name }))
          expect(relative('/p/deploy', recordFile('/p', name, 'local'))).toBe(`${name}::local.json`);
        // Without a name it is that of an image that holds several.
        else if (name !== '') expect(() => recordFile('/p', name, 'local')).toThrow(/cannot be called/);
        const folder = new RunFolder('0123abcd');
        if (usable({ nodes: [{ name: 'a', role: name }] }))
          expect(relative(folder.path, folder.role(name))).toBe(`roles/${name}`);
        else expect(() => folder.role(name)).toThrow(/cannot be called/);
        if (usable({ nodes: [{ name, role: 'r' }] }))
          expect(relative(folder.path, folder.node(name))).toBe(`nodes/${name}`);
        expect(usable({ run: name })).toBe(false);
        expect(usable({ flavour: name })).toBe(false);
        expect(usable({ runtime: { containers: { a: name } } })).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a build that came with a project', () => {
  it('has names that are looked at again before they become paths', () => {
    const folder = temporaryFolder();
    const spec = (change: object) => ({
      path: join(folder, 'a/layer'),
      spec: {
        role: 'foo',
        path: [],
        etc: {},
        variables: {},
        units: [],
        users: [],
        groups: [],
        extraHosts: '',
        sharedDirs: [],
        bootCommands: '',
        ...change,
      },
      isolation: 'user' as const,
      plan: [],
      nodes: [],
      deployment: {},
      packages: undefined,
    });
    const unit = {
      name: '../../../../../escaped',
      preStart: [],
      start: [],
      postStart: [],
      stop: [],
      reload: [],
      requires: [],
      wants: [],
      wantedBy: [],
    };
    const file = { text: 'x', mode: '0644', user: 'root', group: 'root' };
    expect(() => writeLayer(spec({ units: [unit] }) as never)).toThrow(/a unit cannot be called/);
    expect(() => writeLayer(spec({ etc: { '../../../escaped': file } }))).toThrow(/not a path within/);
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
  });
});
