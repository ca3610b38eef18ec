# Variables and files that every shell and every service of a node sees.
{ pkgs, lib, ... }:
let
  settings = { workers = 4; queue = "fast"; };
  report = pkgs.writeShellScriptBin "report-settings" ''
    echo "$SERVICE_TIER uses $(cat /etc/app/settings.json)"
  '';
in
{
  roles = {
    small = { ... }: {
      environment.variables.SERVICE_TIER = "small";
      environment.etc."app/settings.json".text = builtins.toJSON settings;
      environment.systemPackages = [ report pkgs.coreutils ];
    };
    large = { ... }: {
      environment.variables.SERVICE_TIER = lib.mkForce "large";
      environment.etc."app/settings.json".text = builtins.toJSON (settings // { workers = 64; });
      environment.systemPackages = [ report pkgs.coreutils ];
      systemd.services.boot-note = {
        wantedBy = [ "multi-user.target" ];
        environment.NOTE = "written at boot";
        serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
        script = "echo \"$NOTE\" > /run/note";
      };
    };
  };

  testScript = ''
    import json

    start_all()
    large.wait_for_unit("boot-note")

    with subtest("each role has its own variables"):
        for machine, tier in [(small, "small"), (large, "large")]:
            t.assertEqual(machine.succeed("echo -n $SERVICE_TIER"), tier)

    with subtest("files in /etc"):
        workers = {m.name: json.loads(m.succeed("cat /etc/app/settings.json"))["workers"] for m in machines}
        t.assertEqual(workers, {"large": 64, "small": 4})

    with subtest("programs see both"):
        assert large.succeed("report-settings").startswith("large uses {")

    with subtest("a service has the variables it was given"):
        t.assertEqual(large.succeed("cat /run/note"), "written at boot\n")

    with subtest("no command inherits what another one set"):
        small.succeed("export LEAKED=yes")
        small.succeed("test -z \"''${LEAKED:-}\"")
  '';
}
