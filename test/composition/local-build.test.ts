import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBuild } from '../../src/composition/index.js';
import { sha512Crypt } from '../../src/composition/sha512-crypt.js';
import { readTemplate, templates } from '../../src/composition/templates.js';
import { build, buildIn, buildRole } from './build.js';
import { temporaryFolder } from './temporary.js';

const textsOf = (template: string) =>
  Object.fromEntries(
    Object.entries(readTemplate(template)).map(([name, { content }]) => [name, content.toString()]),
  );

describe('a build for local', () => {
  it.each(Object.keys(templates))('of the template %s is read back as it was written', async name => {
    const built = await build(textsOf(name));
    expect(built.link).toBe(join(built.folder, 'build/composition::local'));
    expect(statSync(built.link).mode & 0o777).toBe(0o600);
    const { folder: _, specs: __, warnings, ...expected } = built;
    expect(await readBuild(built.link)).toEqual(expected);
    expect(warnings).toEqual([]);
    expect(built.testScript).toMatch(/succeed/);
  });

  it('has services whose programs are there and run', async () => {
    const { specs } = await build(textsOf('webserver'));
    const [unit] = specs.server!.units;
    expect(unit).toMatchObject({
      name: 'web.service',
      restart: 'on-failure',
      wantedBy: ['multi-user.target'],
    });
    const [command] = unit!.start;
    if (command?.kind !== 'exec') throw new Error('not a command line');
    const version = execFileSync(command.argv[0]!, ['--version'], { encoding: 'utf8' });
    expect(version).toMatch(/^v\d+/);
    execFileSync(command.argv[0]!, ['--check', command.argv[1]!]);
    expect(specs.client!.path.map(folder => existsSync(join(folder, 'get')))).toEqual([true]);
  });

  it('keeps what it made to the owner', async () => {
    const { folder } = await build(textsOf('webserver'));
    const modes = ['artifact', 'artifact/composition/local', 'build'].map(
      path => statSync(join(folder, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o700]);
  });

  it('has the same hash for the same content, wherever it lies, and another after an edit', async () => {
    const one = await build(textsOf('webserver'));
    const two = await build(textsOf('webserver'));
    expect(two.hash).toBe(one.hash);
    const file = join(two.folder, 'composition.nix');
    writeFileSync(file, readFileSync(file, 'utf8').replace('port = 8000', 'port = 8001'));
    const edited = await buildIn(two.folder);
    expect(edited.hash).not.toBe(one.hash);
    expect(edited.specs.server!.units[0]!.environment.PORT).toBe('8001');
  });

  it('sees at once what changed in an imported file and in a copied one', async () => {
    const built = await build({
      'composition.nix':
        '{ ... }: { roles.foo = { environment.variables.A = import ./a.nix; environment.etc.f.source = ./f; }; }',
      'a.nix': '"one"',
      f: 'first',
    });
    const again = async () => {
      const { variables, etc } = (await buildIn(built.folder)).specs.foo!;
      return [variables.A, readFileSync(etc.f!.source!, 'utf8')];
    };
    expect(await again()).toEqual(['one', 'first']);
    writeFileSync(join(built.folder, 'a.nix'), '"other"');
    expect(await again()).toEqual(['other', 'first']);
    writeFileSync(join(built.folder, 'f'), 'second');
    expect(await again()).toEqual(['other', 'second']);
  });

  it('takes a composition out of a set of them', async () => {
    const files = {
      'compositions.nix': '{ one = { ... }: { roles.a = { }; }; two = ./two.nix; }',
      'two.nix':
        '{ pkgs, ... }: { nodes.b = { }; rolesDistribution.b = [ "x" "y" ]; testScript = { nodes, ... }: "print(${toString (builtins.attrNames nodes)})"; }',
    };
    const built = await build(files, { compositionFile: 'compositions.nix', compositionName: 'two' });
    expect(built.link).toBe(join(built.folder, 'build/two::local'));
    expect(built).toMatchObject({
      roles: ['b'],
      rolesDistribution: { b: ['x', 'y'] },
      testScript: 'print(b)',
    });
  });

  it('gives the composition its setup, flavour and system', async () => {
    const files = {
      'composition.nix': `{ setup, flavour, system, ... }: { roles.foo = { environment.variables = {
        N = toString (setup.params.n + 1); S = setup.project.selected; F = flavour.name; Y = system; }; }; }`,
      'setup.toml': '[params]\nn = 1\n[dev.params]\nn = 2\n',
    };
    const { specs } = await build(files, { setup: 'dev', setupParams: { n: 9 } });
    expect(specs.foo!.variables).toMatchObject({ N: '10', S: 'dev', F: 'local' });
    expect(specs.foo!.variables.Y).toMatch(/^(x86_64|aarch64)-linux$/);
  });

  it('stops at once when it is interrupted, and leaves no link', async () => {
    const folder = temporaryFolder({
      'composition.nix':
        "{ ... }: let f = n: if n == 0 then 0 else f (n - 1); in { roles.foo = { environment.variables.A = toString (builtins.foldl' (a: b: a + f 5000) 0 (builtins.genList (x: x) 1000000)); }; }",
    });
    await expect(buildIn(folder, {}, AbortSignal.abort())).rejects.toThrow('interrupted');
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });
});

describe('what options mean', () => {
  it('for services', async () => {
    const { units } = await buildRole(`
      systemd.services.db = {
        description = "Data";
        before = [ "web.service" ];
        script = "exec sleep 1";
        preStart = "true";
        postStop = "echo gone";
        path = [ pkgs.bash ];
        environment = { A = "a"; N = 1; B = true; P = ./composition.nix; NOT = null; };
        startLimitBurst = 2;
        startLimitIntervalSec = 60;
        serviceConfig = {
          User = "nobody"; Restart = "always"; RestartSec = 2; TimeoutStopSec = "1min 30s"; StateDirectory = "db db/log";
          RuntimeDirectory = "db"; Environment = [ "X=1" "'Y=two words'" ]; WorkingDirectory = "/var/lib/%N";
          ExecReload = [ "" "-/bin/kill -HUP 1" ];
        };
      };
      systemd.services.web = { requires = [ "db.service" ]; wantedBy = [ "multi-user.target" ];
        serviceConfig = { ExecStart = "\${pkgs.nodejs}/bin/node -e 'x' $MAINPID"; Type = "exec"; }; };
      systemd.services.once = { script = "true"; serviceConfig = { Type = "oneshot"; RemainAfterExit = true; }; };
      systemd.services.off = { enable = false; script = "x"; };`);
    expect(units.map(({ name }) => name)).toEqual(['db.service', 'once.service', 'web.service']);
    expect(units[0]).toMatchObject({
      description: 'Data',
      type: 'simple',
      preStart: [{ kind: 'script', text: 'true' }],
      start: [{ kind: 'script', text: 'exec sleep 1' }],
      stop: [{ kind: 'script', text: 'echo gone' }],
      reload: [{ kind: 'exec', argv: ['/bin/kill', '-HUP', '1'], ignoreFailure: true }],
      environment: { A: 'a', N: '1', B: 'true', X: '1', Y: 'two words' },
      user: 'nobody',
      restart: 'always',
      restartMs: 2000,
      timeoutStopMs: 90_000,
      startLimitBurst: 2,
      startLimitIntervalMs: 60_000,
      workingDirectory: '/var/lib/db',
      directories: ['/run/db', '/var/lib/db', '/var/lib/db/log'],
    });
    expect(units[0]!.environment.P).toMatch(/-composition\.nix$/);
    expect(units[0]!.environment).not.toHaveProperty('NOT');
    expect(units[1]).toMatchObject({ type: 'oneshot', remainAfterExit: true, timeoutStartMs: 0 });
    expect(units[2]!.start[0]).toMatchObject({ kind: 'script' });
  });

  it('for the passwords and shells of users, in the order in which NixOS looks at them', async () => {
    const { users } = await buildRole(`
      users.users = {
        root.initialHashedPassword = "";
        a = { isNormalUser = true; hashedPassword = "hash"; initialPassword = "x"; };
        b = { isSystemUser = true; group = "users"; shell = "/bin/sh"; };
        c = { isNormalUser = true; initialPassword = "secret"; homeMode = "750"; };
        d = { isSystemUser = true; group = "users"; useDefaultShell = true; };
      };`);
    const of = Object.fromEntries(users.map(user => [user.name, user]));
    expect(of.root!.hashedPassword).toBe('');
    expect(of.a!.hashedPassword).toBe('hash');
    expect(of.b).toMatchObject({ shell: '/bin/sh', isNormalUser: false });
    const salt = of.c!.hashedPassword!.split('$')[2]!;
    expect(of.c).toMatchObject({ hashedPassword: sha512Crypt('secret', salt), homeMode: '750' });
    expect(of.d!.shell).toBe('/bin/bash');
  });

  it('refuses a password file and a hash that /etc/shadow cannot have', async () => {
    await expect(buildRole('users.users.a.hashedPasswordFile = "/run/secret";')).rejects.toThrow(
      'does not have users.users.a.hashedPasswordFile',
    );
    await expect(buildRole('users.users.a.hashedPassword = "a:b";')).rejects.toThrow('a colon');
  });

  it('with a user for a service that has a dynamic one', async () => {
    const { users, units } = await buildRole(`
      systemd.services.web = { script = "exec sleep 9"; serviceConfig.DynamicUser = true; };`);
    expect(units[0]).toMatchObject({ user: 'web', dynamicUser: true });
    expect(users).toMatchObject([{ name: 'web', group: 'web', createHome: false, isNormalUser: false }]);
  });

  it('for files, users, names and what runs before the services', async () => {
    const spec = await buildRole(`
      environment.etc = { "a/b".text = "x\\n"; link.source = pkgs.writeText "t" "text"; other = { target = "moved"; text = ""; mode = "0600"; uid = 7; }; };
      environment.variables.PATHS = [ "/a" "/b" ];
      environment.sessionVariables.EDITOR = "vi";
      environment.shellAliases = { ll = "ls -l"; say = "echo it's"; none = null; };
      environment.interactiveShellInit = "set -o vi";
      time.timeZone = "Europe/Paris";
      users.users.alice = { isNormalUser = true; uid = 1500; extraGroups = [ "wheel" ]; openssh.authorizedKeys.keys = [ "k" ]; };
      users.groups.team = { gid = 900; members = [ "alice" ]; };
      nxc.users = { names = [ "u1" ]; prefixHome = "/users"; };
      nxc.sharedDirs."/shared".export = true;
      nxc.postBootCommands = "echo post";
      networking = { hostName = "h"; extraHosts = "10.0.0.9 nine"; hosts."10.0.0.8" = [ "eight" "acht" ]; };
      system.activationScripts = { b = { text = "echo b"; deps = [ "z" ]; }; z = "echo z"; };
      systemd.tmpfiles.rules = [ "d /data 0750 alice team -" "L+ /l - - - - /target" "f /f 0644 - - - some text" ];`);
    expect(spec.etc['a/b']).toEqual({ text: 'x\n', mode: '0644', user: 'root', group: 'root' });
    expect(readFileSync(spec.etc.link!.source!, 'utf8')).toBe('text');
    expect(spec.etc.moved).toEqual({ text: '', mode: '0600', user: '7', group: 'root' });
    expect(spec.etc['nxc/bashrc']!.text).toBe("alias -- ll='ls -l'\nalias -- say='echo it'\\''s'\nset -o vi");
    expect(spec.variables).toEqual({ PATHS: '/a:/b', EDITOR: 'vi', TZ: 'Europe/Paris' });
    expect(spec.users.map(({ name, home, uid, group }) => [name, home, uid, group])).toEqual([
      ['alice', '/home/alice', 1500, 'users'],
      ['u1', '/users/u1', undefined, 'users'],
    ]);
    expect(spec.groups).toEqual([{ name: 'team', gid: 900, members: ['alice'] }]);
    expect(spec.users.map(({ shell, hashedPassword }) => [shell, hashedPassword])).toEqual([
      ['/bin/bash', undefined],
      ['/bin/bash', undefined],
    ]);
    expect(spec.sharedDirs).toEqual(['/shared']);
    expect(spec.extraHosts).toBe('10.0.0.8 eight acht\n10.0.0.9 nine\n');
    expect(spec.bootCommands).toBe(
      `mkdir -p /data && chmod 0750 /data && chown alice:team /data
ln -sfn /target /l
{ [ -e /f ] || printf %s 'some text' > /f; } && chmod 0644 /f
echo z
echo b
echo post
`,
    );
  });
});
