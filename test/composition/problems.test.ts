import { describe, expect, it } from 'vitest';
import { failure, roleFile } from './build.js';

const TO_DO =
  'build for a flavour that has it (docker, nspawn, vm, vm-ramdisk, g5k-ramdisk, g5k-nfs-store, g5k-image), ' +
  'or run the program yourself with systemd.services.<name>';

describe('a composition with several problems', () => {
  it('shows all of them in one build, each at its own place, and every advice once', async () => {
    expect(
      await failure(`{ pkgs, ... }:
{
  roles.a = {
    environment.systemPackages = [
      pkgs.bash
      pkgs.nosuch-one
      pkgs.nosuch-two
    ] ++ [ pkgs.nosuch-three ];
    environment.variables.A = { };
  };
  roles.b = {
    services.postgresql.enable = true;
    systemd.services.web.scritp = "x";
  };
  testScript = "";
}
`),
    ).toBe(`6 problems in /project/composition.nix

1. the package nosuch-one is not on this machine
   at composition.nix:6:7, in role a
   6 |       pkgs.nosuch-one
     |       ^^^^^^^^^^^^^^^
   found: no program nosuch-one on PATH

2. the package nosuch-two is not on this machine
   at composition.nix:7:7, in role a
   7 |       pkgs.nosuch-two
     |       ^^^^^^^^^^^^^^^
   found: no program nosuch-two on PATH

3. the package nosuch-three is not on this machine
   at composition.nix:8:12, in role a
   8 |     ] ++ [ pkgs.nosuch-three ];
     |            ^^^^^^^^^^^^^^^^^
   found: no program nosuch-three on PATH

4. the option environment.variables.A takes a list of strings or integers or absolute paths or a string or an absolute path or an integer or true or false or null
   at composition.nix:9:27, in role a
   9 |     environment.variables.A = { };
     |                           ^
   found: a set without attributes

5. services.postgresql needs NixOS itself, which the flavour local does not have
   at composition.nix:12:14, in role b
   12 |     services.postgresql.enable = true;
      |              ^^^^^^^^^^

6. there is no option systemd.services.web.scritp
   did you mean systemd.services.web.script?
   at composition.nix:13:26, in role b
   13 |     systemd.services.web.scritp = "x";
      |                          ^^^^^^

to do for 1, 2, 3: get them (apt install nosuch-one nosuch-two nosuch-three, dnf install nosuch-one nosuch-two nosuch-three where they have that name, or nix profile install nixpkgs#nosuch-one nixpkgs#nosuch-two nixpkgs#nosuch-three), or build for a flavour with Nix: -f docker
to do for 5: ${TO_DO}
to do for 6: declare an option of your own with lib.mkOption, or see search.nixos.org/options for its name`);
  });

  it('names the roles that share one of them', async () => {
    const files = {
      'composition.nix': `{ pkgs, ... }: {
  roles.a.imports = [ ./common.nix ];
  roles.b.imports = [ ./common.nix ];
  roles.c = { imports = [ ./common.nix ]; services.nginx.enable = true; };
}
`,
      'common.nix': '{ pkgs, ... }:\n{ environment.systemPackages = [ pkgs.nosuch ]; }\n',
    };
    const message = await failure(files);
    expect(message).toContain('2 problems in /project/composition.nix');
    expect(message).toContain('at common.nix:2:34, in role a');
    expect(message).toContain('the same in roles b, c');
  });

  it('names the places of a problem that stands twice', async () => {
    const message = await failure(`{ pkgs, ... }: {
  roles.a.environment.systemPackages = [ pkgs.nosuch ];
  roles.b.systemd.services.w = { script = "\${pkgs.nosuch}/bin/x"; path = [ pkgs.nosuch ]; };
}
`);
    expect(message).toContain('the package nosuch is not on this machine\nat /project/composition.nix:2:42');
    expect(message).toContain('the same in role b (/project/composition.nix:3:46)');
    expect(message).toContain('the same in role b (/project/composition.nix:3:76)');
    expect(message.match(/nosuch is not on this machine/g)).toHaveLength(1);
  });

  it('stays short with thirty of them', async () => {
    const packages = Array.from({ length: 30 }, (_, index) => `      pkgs.nosuch-${index}`).join('\n');
    const message = await failure(
      `{ pkgs, ... }: {\n  roles.a.environment.systemPackages = [\n${packages}\n  ];\n}\n`,
    );
    expect(message).toContain('30 problems in');
    expect(message).toContain(
      '12. the package nosuch-11 is not on this machine\n    at composition.nix:14:7, in role a',
    );
    expect(message.split('\n').length).toBeLessThan(100);
  });

  it('goes on inside a text, a list and a service', async () => {
    const message = await failure(`{ pkgs, ... }: {
  roles.a.systemd.services.w = {
    script = ''
      \${pkgs.nosuch-one}/bin/x \${pkgs.nosuch-two}/bin/y
    '';
    serviceConfig.Restart = "allways";
    serviceConfig.RestartSec = "1 fortnight";
    after = [ 3 ];
  };
  roles.a.users.users.ann.uid = "many";
}
`);
    expect(message).toContain('6 problems in');
    for (const part of ['nosuch-one', 'nosuch-two', '"allways"', 'fortnight', 'after', 'users.users.ann.uid'])
      expect(message).toContain(part);
  });

  it('does not report what only follows from a problem', async () => {
    const message = await failure(`{ pkgs, ... }: {
  roles.a = { config, ... }: {
    imports = [ ./absent.nix ];
    own.option = true;
    environment.variables.A = config.own.other;
    systemd.services.w.serviceConfig.ExecStart = "\${pkgs.nosuch}/bin/x";
    environment.etc.x.text = builtins.readFile "\${pkgs.nosuch}/share/x";
  };
}
`);
    expect(message).toContain('2 problems in');
    expect(message).toContain('there is no file /project/absent.nix');
    expect(message).toContain('the package nosuch is not on this machine');
  });
});

describe('a problem of a composition', () => {
  it('is every undefined variable of a file, at once', async () => {
    const message = await failure({
      'composition.nix':
        '{ pkgs, ... }: {\n roles.a.environment.variables.A = foo;\n roles.b.environment.etc.x.text = bar + foo;\n testScript = with pkgs; maybe;\n}',
    });
    expect(message).toContain('2 problems');
    expect(message).toContain("undefined variable 'foo'\n   at composition.nix:2:");
    expect(message).toContain("undefined variable 'bar'\n   at composition.nix:3:");
    const imported = await failure({
      'composition.nix': '{ pkgs, ... }: { roles.a = { imports = [ ./part.nix ]; }; testScript = ""; }',
      'part.nix': '{ environment.variables = { A = one; B = two; }; }',
    });
    expect(imported).toContain('2 problems');
    expect(imported).toContain("undefined variable 'two'\n   at part.nix:1:");
  });

  it('is every argument that nobody gives, at once', async () => {
    const message = await failure('{ pkgs, inputs, self, ... }: { roles.a = { }; testScript = ""; }');
    expect(message).toContain('gives compositions no arguments "inputs", "self"');
    expect(message).toContain('{ inputs ? null, self ? null, ... }:');
  });

  it('is every Python package that is missing, where the first of them is written', async () => {
    const message = await failure(
      '{ pkgs, ... }: {\n roles.a.environment.systemPackages = [\n  (pkgs.python3.withPackages (p: [\n   p.nosuch_a p.nosuch_b ]))\n ];\n testScript = "";\n}',
    );
    expect(message).toContain('the Python packages nosuch_a, nosuch_b are not on this machine');
    expect(message).toContain('composition.nix:4:4');
    expect(message).toContain('pip install nosuch_a nosuch_b');
  });

  it.each([
    ['pkgs.callPackage ./missing.nix { }', 'there is no file /project/missing.nix'],
    ['"${./missing.nix}"', 'there is no file /project/missing.nix'],
  ])('is a file that is not there: %s', async (value, message) => {
    expect(
      await failure(
        `{ pkgs, ... }: {\n roles.a.environment.etc.x.source =\n  ${value};\n testScript = "";\n}`,
      ),
    ).toContain(`${message}\nat /project/composition.nix:`);
  });

  it('is a value that only NixOS would give, beside other problems', async () => {
    const message = await failure(`{ pkgs, ... }: {
  roles.a = { config, ... }: {
    services.redis.enable = true;
    environment.etc.x.source = config.system.build.toplevel;
    environment.variables.P = config.services.redis.package;
    environment.variables.D = toString config.networking.domain;
  };
  testScript = "";
}`);
    expect(message).toContain('3 problems');
    expect(message).toContain('the option system.build has no value\n   at composition.nix:4:');
    expect(message).toContain('the option networking.domain has no value\n   at composition.nix:6:');
    expect(message).not.toContain('services.redis.package');
  });

  it('shows of a very long line what is around it', async () => {
    const filler = 'x'.repeat(400);
    const message = await failure(
      `{ pkgs, ... }: { roles.a = { environment.etc.a.text = "${filler}"; services.redis.enable = true; environment.etc.b.text = "${filler}"; }; testScript = ""; }`,
    );
    const [, line, carets] = /\n(1 \| .*)\n( {2}\| *\^+)\n/.exec(message)!;
    expect(line!.length).toBeLessThan(200);
    expect(line!.slice(carets!.indexOf('^'), carets!.length)).toBe('redis');
  });

  it('says of packages with a version, and of those in sets, how to get them by their right names', async () => {
    const message = await failure(
      roleFile('environment.systemPackages = [ pkgs.nosuch_3_5 pkgs.nodePackages.nosuch-js ];'),
    );
    expect(message).toContain('no program nosuch on PATH');
    expect(message).toContain(
      'get them (apt install nosuch, dnf install nosuch where they have that name, or nix profile install nixpkgs#nosuch_3_5 nixpkgs#nodePackages.nosuch-js)',
    );
  });
});
