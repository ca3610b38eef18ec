import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build, buildRole, failure, roleFile } from './build.js';

const only = (head: string, body: string) =>
  `{ ${head}, ... }:\n{\n  roles.m = { config, ... }: {\n${body}\n  };\n}\n`;

describe('what comes from NUR', () => {
  it.each(['nur', 'pkgs.nur'])('says of a module what it is and what to do: %s', async nur => {
    const message = await failure(
      only(
        'pkgs, nur, flavour, lib',
        `imports = [ ${nur}.repos.mine.modules.queue ]; services.queue.enable = true;`,
      ),
    );
    expect(message).toMatch(/^nur.repos.mine.modules.queue is a NixOS module of the NUR repository mine/);
    expect(message).toContain('at /project/composition.nix:4:13');
    expect(message).toContain('-f docker');
    expect(message).toContain('lib.optionals (flavour.name != "local")');
  });

  it('is left out for local as the message says', async () => {
    const { specs } = await build(
      only(
        'nur, flavour, lib',
        'imports = lib.optionals (flavour.name != "local") [ nur.repos.mine.modules.queue ]; environment.variables.A = "1";',
      ),
    );
    expect(specs.m!.variables).toEqual({ A: '1' });
  });

  it('reports services of NixOS beside such a module, and not what the module may declare', async () => {
    const message = await failure(
      only(
        'nur',
        'imports = [ nur.repos.mine.modules.queue ]; services.queue.enable = true; queue.own = 1; services.nginx.enable = true;',
      ),
    );
    expect(message).toContain('2 problems');
    expect(message).toContain('services.nginx needs NixOS');
    expect(message).not.toMatch(/^\d\. services.queue/m);
  });

  it.each([
    ['nur.repos.mine.overlays.all', 'an overlay of nixpkgs'],
    ['nur.repos.mine.lib.f', 'a function or value'],
  ])('names %s', async (value, kind) => {
    expect(await failure(only('nur', `environment.etc.x.text = ${value} 1;`))).toContain(kind);
  });

  it('says of a package that no package manager has it', async () => {
    const message = await failure(only('pkgs, nur', 'environment.systemPackages = [ nur.repos.mine.tool ];'));
    expect(message).toContain('the package tool of the NUR repository mine is not on this machine');
    expect(message).not.toMatch(/apt install|nixpkgs#/);
  });
});

describe('files of nixpkgs', () => {
  it('say what modulesPath is and what to do', async () => {
    const message = await failure(
      only(
        'modulesPath, pkgs',
        'imports = [ (modulesPath + "/profiles/minimal.nix") "${pkgs.path}/nixos/x.nix" ];',
      ),
    );
    expect(message).toContain('nixos/modules/profiles/minimal.nix is a file of nixpkgs itself');
    expect(message).toContain('modulesPath is its folder nixos/modules');
    expect(message).toContain('nixos/x.nix is a file of nixpkgs itself (pkgs.path;');
    expect(message).toContain('leave it out for local with lib.optional');
  });

  it('are named by <nixpkgs/…>, too', async () => {
    expect(
      await failure(only('pkgs', 'imports = [ <nixpkgs/nixos/modules/profiles/minimal.nix> ];')),
    ).toContain('nixos/modules/profiles/minimal.nix is a file of nixpkgs itself');
    expect(
      await failure(
        'let pkgs = import <nixpkgs> { }; in { roles.a = { environment.systemPackages = [ pkgs.curl ]; }; }',
      ),
    ).toContain('take packages from the argument of the composition or module: { pkgs, ... }:');
  });

  it('are not there for who looks', async () => {
    const { variables } = await buildRole(
      'environment.variables = { A = toString (builtins.pathExists "${pkgs.path}/nixos"); B = toString (builtins.pathExists ./absent.nix); };',
    );
    expect(variables).toEqual({ A: '', B: '' });
  });

  it.each([
    '"${toString modulesPath}/tests/ssh-keys.nix"',
    '(modulesPath + "/../tests/ssh-keys.nix")',
    '"${pkgs.path}/nixos/tests/ssh-keys.nix"',
    './ssh-keys.nix',
  ])('are there for the keys of tests: import %s', async path => {
    const { specs } = await build(`{ modulesPath, pkgs, ... }:
let inherit (import ${path} pkgs) snakeOilPrivateKey snakeOilPublicKey snakeOilEd25519PrivateKey snakeOilEd25519PublicKey; in
{
  roles.m = { ... }: {
    users.users.root.openssh.authorizedKeys.keys = [ snakeOilPublicKey snakeOilEd25519PublicKey ];
    environment.etc."a".source = snakeOilPrivateKey;
    environment.etc."b".source = snakeOilEd25519PrivateKey;
  };
}
`);
    const [root] = specs.m!.users;
    expect(root!.authorizedKeys[0]).toMatch(/^ssh-rsa /);
    expect(root!.authorizedKeys[1]).toMatch(/^ssh-ed25519 /);
    for (const name of ['a', 'b']) {
      const key = specs.m!.etc[name]!.source!;
      expect(existsSync(key)).toBe(true);
      expect(readFileSync(key, 'utf8')).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    }
  });
});

describe('functions of pkgs', () => {
  it.each([
    'replaceVars ./a.nix { }',
    'substituteAll { src = ./a.nix; }',
    'runCommand "x" { } "touch $out"',
    'stdenv.mkDerivation { name = "x"; }',
    'fetchurl { url = "x"; hash = ""; }',
    'fetchFromGitHub { owner = "x"; }',
    'buildGoModule { pname = "x"; }',
    'dockerTools.buildImage { name = "x"; }',
    'rustPlatform.buildRustPackage { pname = "x"; }',
    'python3Packages.buildPythonApplication { pname = "x"; }',
    'callPackage ({ stdenv }: stdenv.mkDerivation { name = "x"; }) { }',
    'somethingNew { a = 1; }',
    'haskellPackages.ghcWithPackages (p: [ ])',
  ])('that need Nix say so by name: %s', async call => {
    const message = await failure(roleFile(`environment.etc.x.source = pkgs.${call};`));
    const name = call.startsWith('callPackage') ? 'stdenv.mkDerivation' : call.split(' ')[0]!;
    expect(message.split('\n')[0]).toContain(`pkgs.${name}`);
    expect(message).toMatch(/Nix, and the flavour local has none/);
    expect(message).toContain('-f docker');
    expect(message).toContain('at /project/composition.nix:3:');
  });

  it('that need none work', async () => {
    const role = await buildRole(`
    environment.systemPackages = [
      (pkgs.writeShellApplication { name = "hello"; runtimeInputs = [ pkgs.bash ]; text = "echo hi"; })
      (pkgs.symlinkJoin { name = "j"; paths = [ (pkgs.writeScriptBin "a" "x") (pkgs.writeScriptBin "b" "y") ]; })
      (pkgs.buildEnv { name = "e"; paths = [ pkgs.bash ]; })
      (pkgs.callPackage ({ writeShellScriptBin, lib, suffix ? "x" }: writeShellScriptBin "called-\${suffix}" "true") { })
    ];
    environment.etc.farm.source = pkgs.linkFarm "f" [ { name = "a"; path = pkgs.writeText "a" "text"; } ];`);
    expect(role.path).toHaveLength(4);
    for (const folder of role.path) expect(existsSync(folder)).toBe(true);
  });
});

describe('an argument that only a flake gives', () => {
  it('is refused by name, with what to do', async () => {
    const message = await failure(
      '{ pkgs, inputs, ... }:\n{ roles.a = { imports = [ inputs.x.nixosModules.y ]; }; }\n',
    );
    expect(message).toContain('gives compositions no argument "inputs"\nat /project/composition.nix:1:1');
    expect(message).toContain('{ inputs ? null, ... }:');
    expect(await failure('{ roles.a = { self, ... }: { imports = [ self.x ]; }; }')).toContain('"self"');
  });
});
