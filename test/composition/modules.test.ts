import { describe, expect, it } from 'vitest';
import { buildRole, failure, roleFile } from './build.js';

const variables = async (body: string, files?: Record<string, string>) =>
  (await buildRole(body, files)).variables;

describe('modules of a role', () => {
  it('are imported as paths, functions and sets, each file once', async () => {
    const files = {
      'a.nix': '{ lib, ... }: { imports = [ ./b.nix ]; environment.variables.A = "a"; }',
      'b.nix': '{ environment.variables.B = lib.mkDefault "b"; }'.replace('{ env', '{ lib, ... }: { env'),
      'dir/default.nix': '{ environment.variables.D = "d"; }',
    };
    const body =
      'imports = [ ./a.nix ./b.nix ./dir { environment.variables.C = "c"; } ({ ... }: { environment.variables.E = 1; }) ];';
    expect(await variables(body, files)).toEqual({ A: 'a', B: 'b', C: 'c', D: 'd', E: '1' });
  });

  it('join lists in the order of mkBefore and mkAfter', async () => {
    const spec = await buildRole(`
      imports = [ { systemd.services.a.after = lib.mkAfter [ "z.target" ]; } { systemd.services.a.after = lib.mkBefore [ "a.target" ]; } ];
      systemd.services.a = { script = "x"; after = [ "m.target" ]; };`);
    expect(spec.units[0]!.after).toEqual(['a.target', 'm.target', 'z.target']);
  });

  it('join lists of one order as NixOS does, the last import first', async () => {
    const body = `imports = [
        { imports = [ { t.l = [ 1 ]; } ]; t.l = [ 2 ]; t.sub.x.l = [ 2 ]; }
        { t.l = [ 3 ]; t.sub.x.l = [ 3 ]; imports = [ { t.l = [ 4 ]; } ]; }
      ];
      options.t.l = lib.mkOption { type = lib.types.listOf lib.types.int; };
      options.t.sub = lib.mkOption { type = with lib.types; attrsOf (submodule { options.l = lib.mkOption { type = listOf int; }; }); };
      config.t.l = [ 5 ];
      config.environment.etc.result.text = builtins.toJSON config.t;`;
    const spec = await buildRole(body);
    expect(JSON.parse(spec.etc.result!.text!)).toEqual({ l: [4, 1, 3, 2, 5], sub: { x: { l: [2, 3] } } });
  });

  it('may not define twice what is read-only or unique', async () => {
    const defined = (declaration: string, ...values: number[]) =>
      failure(
        roleFile(`options.t = lib.mkOption { type = ${declaration}; };
          imports = [ ${values.map(value => `{ t = ${value}; }`).join(' ')} ];
          config.environment.variables.T = config.t;`),
      );
    expect(await defined('lib.types.int; readOnly = true; default = 1', 1)).toMatch(
      /^the option t is read-only\n[\s\S]*found: it has a default, and is defined/,
    );
    expect(await defined('lib.types.uniq lib.types.int', 1, 1)).toContain('conflicting definitions');
  });

  it('let mkForce win over plain definitions and these over mkDefault', async () => {
    const body = `imports = [
      { environment.variables = { A = lib.mkDefault "default"; B = "plain"; C = lib.mkOverride 10 "strong"; }; }
      { environment.variables = { A = "plain"; B = lib.mkForce "forced"; C = lib.mkForce "forced"; }; }
    ];`;
    expect(await variables(body)).toEqual({ A: 'plain', B: 'forced', C: 'strong' });
  });

  it('never look at what stands under a false mkIf', async () => {
    const body = `environment.variables = lib.mkMerge [
      { A = "a"; }
      (lib.mkIf false { B = throw "not looked at"; })
      (lib.mkIf true { C = lib.mkIf false "no"; D = "d"; })
    ];`;
    expect(await variables(body)).toEqual({ A: 'a', D: 'd' });
  });

  it('see each other through config, also under mkIf', async () => {
    const body = `
      options.my.port = lib.mkOption { type = lib.types.port; default = 80; };
      options.my.enable = lib.mkEnableOption "mine";
      config = lib.mkMerge [
        { my.enable = true; my.port = lib.mkIf (config.networking.hostName == "h") 8080; networking.hostName = "h"; }
        (lib.mkIf config.my.enable { environment.variables.PORT = toString config.my.port; })
      ];`;
    expect(await variables(body)).toEqual({ PORT: '8080' });
  });

  it('declare options of every common type', async () => {
    const body = `
      options.t = with lib.types; {
        e = lib.mkOption { type = enum [ "a" "b" ]; };
        l = lib.mkOption { type = listOf int; default = [ ]; };
        s = lib.mkOption { type = attrsOf (submodule ({ name, config, ... }: {
          options.label = lib.mkOption { type = str; default = name + "!"; };
          options.twice = lib.mkOption { type = str; default = config.label + config.label; };
        })); };
        c = lib.mkOption { type = coercedTo int toString str; };
        n = lib.mkOption { type = nullOr str; default = null; };
        o = lib.mkOption { type = either int str; };
        m = lib.mkOption { type = lines; };
        f = lib.mkOption { type = functionTo int; };
        a = lib.mkOption { type = str; apply = lib.toUpper; default = "x"; };
      };
      imports = [ { t.l = [ 1 ]; t.m = "one"; } { t.l = [ 2 ]; t.m = "two"; } ];
      config.t = { e = "a"; s.x = { }; s.y.label = "why"; c = 3; o = "text"; f = n: n + 1; };
      config.environment.etc.result.text = builtins.toJSON (config.t // { f = config.t.f 1; });`;
    const spec = await buildRole(body);
    expect(JSON.parse(spec.etc.result!.text!)).toEqual({
      e: 'a',
      l: [2, 1],
      s: { x: { label: 'x!', twice: 'x!x!' }, y: { label: 'why', twice: 'whywhy' } },
      c: '3',
      n: null,
      o: 'text',
      m: 'two\none',
      f: 2,
      a: 'X',
    });
  });

  it('give arguments to each other with _module.args', async () => {
    const body = `imports = [ { _module.args.who = "me"; } ({ who, ... }: { environment.variables.WHO = who; }) ];`;
    expect(await variables(body)).toEqual({ WHO: 'me' });
  });

  it('are left out with disabledModules', async () => {
    const files = { 'a.nix': '{ environment.variables.A = "a"; }' };
    expect(await variables('imports = [ ./a.nix ]; disabledModules = [ ./a.nix ];', files)).toEqual({});
  });

  it('merge freeform settings by the type that they have', async () => {
    const body = `
      options.app = lib.mkOption { type = with lib.types; submodule { freeformType = attrsOf (listOf int); options.port = lib.mkOption { type = int; default = 1; }; }; };
      imports = [ { app.a = [ 1 ]; } { app.a = [ 2 ]; app.b = [ ]; } ];
      config.environment.etc.app.text = builtins.toJSON config.app;`;
    const spec = await buildRole(body);
    expect(JSON.parse(spec.etc.app!.text!)).toEqual({ a: [1, 2], b: [], port: 1 });
  });

  it('may set freeform settings and generate a file from them', async () => {
    const body = `
      options.app = lib.mkOption { type = lib.types.submodule { freeformType = (pkgs.formats.json { }).type; options.port = lib.mkOption { type = lib.types.port; default = 1; }; }; };
      config.app.extra.deep = true;
      config.environment.etc."app.json".text = builtins.toJSON config.app;`;
    const spec = await buildRole(body);
    expect(JSON.parse(spec.etc['app.json']!.text!)).toEqual({ extra: { deep: true }, port: 1 });
  });

  it('rename, alias and remove options, and know each other through options', async () => {
    const body = `imports = [
        (lib.mkRenamedOptionModule [ "old" ] [ "environment" "variables" ])
        (lib.mkAliasOptionModule [ "my" "hosts" ] [ "networking" "extraHosts" ])
        (lib.mkRemovedOptionModule [ "gone" ] "use another")
        ({ options, ... }: { environment.variables.SEEN = toString options.old.isDefined; })
      ];
      old.A = "1";
      my.hosts = "1.2.3.4 h";`;
    const spec = await buildRole(body);
    expect(spec.variables).toEqual({ A: '1', SEEN: '1' });
    expect(spec.extraHosts).toBe('1.2.3.4 h\n');
    expect(await failure(roleFile(body.replace('old.A', 'gone = 1; old.A')))).toContain('use another');
  });

  it('may declare one option together when its types go together', async () => {
    const body = `imports = [
        { options.t = lib.mkOption { type = lib.types.enum [ "a" ]; }; }
        { options.t = lib.mkOption { type = lib.types.enum [ "b" ]; }; }
      ];
      t = "b";`;
    expect(await variables(`${body} environment.variables.X = "x";`)).toEqual({ X: 'x' });
    expect(await failure(roleFile(body.replace('enum [ "a" ]', 'int')))).toContain('declared twice');
  });

  it('never look at a default or definition that another one wins over', async () => {
    const body = `
      options.t = lib.mkOption { type = lib.types.str; default = throw "default"; };
      imports = [ { t = lib.mkDefault (throw "weaker"); } ];
      config.t = "wins";
      config.environment.variables.T = config.t;`;
    expect(await variables(body)).toEqual({ T: 'wins' });
  });

  it('evaluate other modules with lib.evalModules by the same rules', async () => {
    const body = `environment.variables = (lib.evalModules {
        modules = [
          { options.A = lib.mkOption { type = lib.types.str; default = "a"; }; options.B = lib.mkOption { type = lib.types.lines; }; }
          { B = lib.mkAfter "z"; }
          ({ config, ... }: { B = config.A; })
        ];
      }).config;`;
    expect(await variables(body)).toEqual({ A: 'a', B: 'a\nz' });
  });
});
