import { describe, expect, it } from 'vitest';
import { build, failure } from './build.js';

const web = `
      systemd.services.web = {
        wantedBy = [ "multi-user.target" ];
        environment.PORT = toString 8080;
        script = "sleep infinity";
      };`;

describe('a test as NixOS has it', () => {
  it('is a composition with all that such tests say', async () => {
    const { specs, testScript, warnings } = await build(`
{ pkgs, lib, ... }:
{
  name = "web";
  meta.maintainers = with lib.maintainers; [ somebody ];
  meta.timeout = 600;
  enableOCR = false;
  skipLint = true;
  skipTypeCheck = true;
  extraPythonPackages = p: [ p.requests ];
  globalTimeout = 3600;
  passthru = { };
  interactive.nodes.server = { virtualisation.graphics = true; };
  defaults = { pkgs, ... }: { environment.variables.SHARED = "yes"; };
  nodes = {
    server = { config, pkgs, ... }: {
      virtualisation.memorySize = 2048;
      virtualisation.vlans = [ 1 ];
      networking.firewall.allowedTCPPorts = [ 8080 ];${web}
    };
    client = { nodes, ... }: {
      environment.variables.URL = "http://\${nodes.server.networking.primaryIPAddress}:\${nodes.server.systemd.services.web.environment.PORT}";
    };
  };
  testScript = { nodes, ... }: ''
    start_all()
    server.wait_for_open_port("\${nodes.server.config.systemd.services.web.environment.PORT}")
    client.succeed("\${pkgs.bash}/bin/bash -c true \${nodes.client.environment.variables.URL}")
    print("\${toString nodes.server.virtualisation.memorySize}")
  '';
}
`);
    expect(Object.keys(specs).sort()).toEqual(['client', 'server']);
    expect(specs.client!.variables).toEqual({ SHARED: 'yes', URL: 'http://server:8080' });
    expect(testScript).toContain('server.wait_for_open_port("8080")');
    expect(testScript).toContain('http://server:8080');
    expect(testScript).toContain('print("2048")');
    expect(warnings.join('\n')).toContain('networking.primaryIPAddress of server is its host name');
  });

  it.each([
    ['import ./make-test-python.nix ({ pkgs, lib, ... }: { name = "t"; nodes.a = { }; testScript = ""; })'],
    ['import ./make-test-python.nix { name = "t"; nodes.a = { }; testScript = ""; }'],
    ['{ pkgs ? import <nixpkgs> { }, ... }: pkgs.nixosTest { name = "t"; nodes.a = { }; testScript = ""; }'],
    [
      '{ pkgs ? import <nixpkgs> { } }: pkgs.testers.runNixOSTest ({ lib, ... }: { name = "t"; nodes.a = { }; testScript = ""; })',
    ],
    [
      '{ system ? "x", config ? { }, pkgs ? import ../.. { } }: with import ../lib/testing-python.nix { inherit system pkgs; }; makeTest { name = "t"; nodes.a = { }; testScript = ""; }',
    ],
    [
      'import <nixpkgs/nixos/tests/make-test-python.nix> ({ ... }: { nodes = { a = { ... }: { }; }; testScript = ""; })',
    ],
    ['{ ... }: { containers.a = { }; testScript = ""; }'],
    [
      '{ imports = [ ./part.nix { defaults.environment.variables.B = "2"; } ]; testScript = ""; nodes.a = { }; }',
    ],
  ])('may be written as %s', async text => {
    const { specs } = await build({
      'composition.nix': text,
      'part.nix': '{ ... }: { nodes.a.environment.variables.A = "1"; }',
    });
    expect(Object.keys(specs)).toEqual(['a']);
    expect(specs.a!.variables).toEqual(text.includes('part') ? { A: '1', B: '2' } : {});
  });

  it('has one machine under the older name', async () => {
    const { specs } = await build(
      '{ pkgs, ... }: { machine = { pkgs, ... }: { }; testScript = "machine.succeed(\\"true\\")"; }',
    );
    expect(Object.keys(specs)).toEqual(['machine']);
  });

  it('is refused by name for what no composition has, all of it at once', async () => {
    const message = await failure('{ nodes.a = { }; testScrip = ""; nmae = "x"; }');
    expect(message).toContain('2 problems');
    expect(message).toContain('a composition has no "testScrip"\n   did you mean testScript?');
  });

  it('says of an option that NixOS would have a value for that it has none here', async () => {
    const message = await failure(
      '{ nodes.a = { }; testScript = { nodes, ... }: "${toString nodes.a.config.services.nginx.defaultHTTPListenPort}"; }',
    );
    expect(message).toContain('the option services.nginx has no value');
    expect(message).toContain('at /project/composition.nix:1:');
  });

  it('does not take the name of one of several nodes for an address', async () => {
    expect(
      await failure(
        '{ nodes.a = { }; rolesDistribution.a = 2; testScript = { nodes }: nodes.a.networking.primaryIPAddress; }',
      ),
    ).toContain('networking.primaryIPAddress of role a is not known before the start');
  });
});
