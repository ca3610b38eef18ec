import { describe, expect, it } from 'vitest';
import { build, failure, roleFile } from './build.js';

/** What a user reads, to the letter. */
describe('an error in a composition', () => {
  it('of a service that needs NixOS names the option, its place and the flavours that have it', async () => {
    expect(await failure(roleFile('    services.nginx.enable = true;'))).toBe(
      `services.nginx needs NixOS itself, which the flavour local does not have
at /project/composition.nix:3:14

3 |     services.nginx.enable = true;
  |              ^^^^^

to do: build for a flavour that has it (docker, nspawn, vm, vm-ramdisk, g5k-ramdisk, g5k-nfs-store, g5k-image), or run the program yourself with systemd.services.<name>
in role foo`,
    );
  });

  it('of definitions that contradict each other names both places', async () => {
    const files = {
      'composition.nix': roleFile('    imports = [ ./common.nix ];\n    networking.hostName = "a";'),
      'common.nix': '{\n  networking.hostName = "b";\n}\n',
    };
    expect(await failure(files)).toBe(
      `the option networking.hostName has conflicting definitions
at /project/composition.nix:4:16

4 |     networking.hostName = "a";
  |                ^^^^^^^^

found: a string: "b" at /project/common.nix:2:14
       a string: "a" at /project/composition.nix:4:16
to do: keep one of them, or say which wins with lib.mkForce or lib.mkDefault
in role foo`,
    );
  });

  it('of a missing package names it, its role and how to get it', async () => {
    expect(
      await failure(roleFile('    environment.systemPackages = with pkgs; [ bash no-such-tool ];')),
    ).toBe(
      `the package no-such-tool is not on this machine
at /project/composition.nix:3:52

3 |     environment.systemPackages = with pkgs; [ bash no-such-tool ];
  |                                                    ^^^^^^^^^^^^

found: no program no-such-tool on PATH
to do: get it (apt install no-such-tool, dnf install no-such-tool where they have that name, or nix profile install nixpkgs#no-such-tool), or build for a flavour with Nix: -f docker
in role foo`,
    );
  });

  it('of units that wait for each other names every place, in whatever file', async () => {
    const files = {
      'composition.nix': roleFile(`    imports = [ ./b.nix ];
    systemd.services.a = { script = "x"; after = [ "b.service" ]; };`),
      'b.nix':
        '{\n  systemd.services.b = { script = "x"; };\n  systemd.services.a.before = [ "b.service" ];\n}\n',
    };
    expect(await failure(files)).toBe(
      `these wait for each other in a cycle: a.service after b.service after a.service
at /project/composition.nix:4:42

4 |     systemd.services.a = { script = "x"; after = [ "b.service" ]; };
  |                                          ^^^^^

found: a.service after b.service at /project/composition.nix:4:42
       a.service before b.service at /project/b.nix:3:22
to do: remove one of the steps
in role foo`,
    );
    expect(
      await failure(
        roleFile(
          'system.activationScripts = { a = { text = "x"; deps = [ "b" ]; }; b = { text = "x"; deps = [ "a" ]; }; };',
        ),
      ),
    ).toContain('a after b after a\nat /project/composition.nix:3:30');
  });

  it('of a misspelt option suggests the right one', async () => {
    expect(await failure(roleFile('    systemd.services.web.scritp = "x";'))).toBe(
      `there is no option systemd.services.web.scritp
did you mean systemd.services.web.script?
at /project/composition.nix:3:26

3 |     systemd.services.web.scritp = "x";
  |                          ^^^^^^

to do: declare an option of your own with lib.mkOption, or see search.nixos.org/options for its name
in role foo`,
    );
  });

  it.each([
    ['environment.systemPakages = [ ];', 'did you mean environment.systemPackages?'],
    ['environment.systemPackages = "curl";', 'takes a list of packages\nat /project/composition.nix:3:13'],
    ['systemd.services.a.serviceConfig = 3;', 'takes a set of values or lists of values\nat /project'],
    ['environment.systemPackages = [ 3 ];', 'the option environment.systemPackages[0] takes a package'],
    [
      'environment.variables.A = lib.hasPrefixx "a";',
      "attribute 'hasPrefixx' is missing\ndid you mean hasPrefix?",
    ],
    ['environment.variables.A = config.environment.variables.A;', 'infinite recursion'],
    [
      'systemd.timers.t.timerConfig.OnCalendar = "daily";',
      'systemd.timers needs NixOS itself, which the flavour local does not have\nat /project/composition.nix:3:9',
    ],
    [
      'systemd.services.a = { script = "x"; startAt = "daily"; };',
      'systemd.services.a.startAt needs NixOS itself, which the flavour local does not have\nat /project/composition.nix:3:38',
    ],
    ['systemd.services.a.serviceConfig.ExecSart = "/bin/x";', 'did you mean ExecStart?'],
    ['systemd.services.a.serviceConfig.Type = "simple";', 'systemd.services.a starts nothing\nat /project'],
    [
      'systemd.services.a = { script = "x"; requires = [ "b.service" ]; };',
      'a.service requires b.service, and the role has no such unit\nat /project/composition.nix:3:38',
    ],
    [
      'systemd.services.a = { script = "x"; serviceConfig.RestartSec = "5 parsecs"; };',
      'RestartSec is not a time span\nat ',
    ],
    ['systemd.services.a = { script = "x"; serviceConfig.Restart = "alwyas"; };', 'did you mean always?'],
    [
      'systemd.services.a = { script = "x"; unitConfig.StartLimitBurst = "x"; };',
      'StartLimitBurst is not a number\nat /project/composition.nix:3:49',
    ],
    [
      'systemd.services.a = { script = "x"; unitConfig.BindsTo = "b.service"; };',
      'to do: write systemd.services.a.bindsTo = [ … ]',
    ],
    [
      'systemd.services."a@".script = "x";',
      'is a template, which the flavour local does not have\nat /project/composition.nix:3:18',
    ],
    [
      'systemd.services.a = { script = "x"; serviceConfig.EnvironmentFile = "/e"; };',
      'systemd.services.a.serviceConfig.EnvironmentFile\nat /project/composition.nix:3:52',
    ],
    [
      'systemd.tmpfiles.rules = [ "b /dev/x" ];',
      'does not know the type "b" in systemd.tmpfiles.rules\nat /project/composition.nix:3:28',
    ],
    [
      'environment.etc."../root/x".text = "";',
      'environment.etc cannot have a file "../root/x"\nat /project/composition.nix:3:',
    ],
    [
      'environment.variables.A = pkgs.writeTextDir "../../../x" "";',
      'package "x" cannot have a file "../../../x"\nat /project/composition.nix:3:23',
    ],
    ['environment.etc.x.source = pkgs.runCommand "a" { } "b";', 'pkgs.runCommand builds with Nix'],
    [
      'environment.systemPackages = [ (pkgs.python3.withPackages (ps: [ ps.no-such-module ])) ];',
      'cannot import no_such_module',
    ],
    [
      'imports = [ ({ foo, ... }: { environment.variables.A = foo; }) ];',
      'no argument "foo" is given to modules',
    ],
    [
      'imports = [ ./missing.nix ];',
      'there is no file /project/missing.nix\nat /project/composition.nix:3:1',
    ],
    ['imports = [ (modulesPath + "/profiles/minimal.nix") ];', 'undefined variable'],
    ['config = { }; environment.etc = { };', 'cannot have "environment" beside them'],
    [
      'assertions = [ { assertion = false; message = "ports differ"; } ];',
      'ports differ\nat /project/composition.nix:3:18',
    ],
    ['environment.variables.A = throw "my message";', 'my message\nat /project/composition.nix:3:27'],
    ['environment.variables.A = ;', 'expected a value\nat /project/composition.nix:3:27'],
  ])('%s', async (body, message) => {
    expect(await failure(roleFile(body))).toContain(message);
  });

  it.each([
    ['{ }', '/project/composition.nix has no roles'],
    ['{ ... }: { role.a = { }; }', 'composition role, has no roles\ndid you mean roles?'],
    ['{ role.a = { }; testScript = ""; }', 'has no roles\ndid you mean roles?'],
    ['5', '/project/composition.nix is not a composition\nfound: an integer: 5'],
    ['{ ... }: [ ]', '/project/composition.nix is not a composition\nfound: a function that gives '],
    ['{ roles = { }; }', 'the composition has no role'],
    ['{ roles.foo = { }; testscript = ""; }', 'a composition has no "testscript"\ndid you mean testScript?'],
    ['{ roles.foo = { }; rolesDistribution.fo = 2; }', 'the composition has no role "fo"\ndid you mean foo?'],
    ['{ roles.foo = { }; rolesDistribution.foo = "two"; }', 'expected an integer'],
    [
      '{ a.roles.x = { }; b.roles.y = { }; }',
      'holds several compositions\nfound: a, b\nto do: choose one: nxc build -C a::local',
    ],
    [
      '{ roles.foo = { }; testScript = [ 1 ]; }',
      'testScript is no text of Python\nat /project/composition.nix:1:20\n\n1 | { roles.foo = { }; testScript = [ 1 ]; }',
    ],
    ['{ roles.foo = { }; testScript = { nodes, ... }: 3; }', 'found: a function that gives an integer: 3'],
    ['{ roles.foo = ', 'at /project/composition.nix:1:'],
    ['{ roles."my.role" = { }; }', '"my.role" (role my.role) cannot be a host name'],
    ['let f = x: f x; in { roles.foo = f 1; }', 'look for a recursion or loop that never ends'],
  ])('%s', async (text, message) => {
    expect(await failure(text)).toContain(message);
  });

  it('of a missing file says which one', async () => {
    expect(await failure({ 'nxc.json': '{"composition": "lab.nix"}' })).toBe(
      'there is no composition file /project/lab.nix\nto do: name it in nxc.json ("composition"), or make a project with nxc init',
    );
  });
});

describe('options without effect', () => {
  it('of a service that would tell when it is ready say that nobody waits for it', async () => {
    const { warnings } = await build(
      roleFile(`systemd.services.a = { script = "x"; serviceConfig.Type = "notify"; };`),
    );
    expect(warnings.join()).toContain(
      'systemd.services.a.serviceConfig.Type = "notify" (the service counts as started at once)',
    );
  });

  it.each([
    ['description = "x";', true],
    ['postStop = "x";', true],
    ['preStop = "x";', true],
    ['preStop = "x"; serviceConfig.RemainAfterExit = true;', false],
    ['script = "x";', false],
  ])('of a service that systemd refuses, for it starts nothing, are told: %s', async (settings, told) => {
    const { warnings } = await build(roleFile(`systemd.services.a = { ${settings} };`));
    expect(warnings.join().includes('systemd.services.a (without script and ExecStart')).toBe(told);
  });

  it('are one warning', async () => {
    const { warnings } = await build(
      roleFile(`networking.firewall.enable = false; boot.kernelParams = [ "a" ]; services.openssh.enable = true;
        services.nginx.virtualHosts.a.root = "/x"; programs.git.enable = false; nix.settings.cores = 1;
        system.stateVersion = "24.11"; systemd.services.a = { script = "x"; serviceConfig.PrivateTmp = true; onFailure = [ "b.service" ]; unitConfig.ConditionPathExists = "/x"; };`),
    );
    expect(warnings).toEqual([
      'no effect on the flavour local: boot.kernelParams, networking.firewall.enable, nix.settings.cores, services.nginx, services.openssh.enable, system.stateVersion, systemd.services.a.onFailure, systemd.services.a.serviceConfig.PrivateTmp, systemd.services.a.unitConfig.ConditionPathExists',
    ]);
  });
});
