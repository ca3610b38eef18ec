# What systemd says of units: active, failed, stopped, and their properties.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    systemd.services = {
      steady = {
        description = "Runs and runs";
        wantedBy = [ "multi-user.target" ];
        script = "exec sleep infinity";
      };
      once = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
        script = "echo done > /run/once";
      };
      broken.script = "echo 'no luck today' >&2; exit 7";
      idle.script = "exec sleep infinity";
    };
  };

  testScript = ''
    start_all()

    with subtest("units of the target are started"):
        machine.wait_for_unit("steady.service")
        machine.wait_for_unit("once.service")
        machine.require_unit_state("steady")
        t.assertEqual(machine.succeed("cat /run/once"), "done\n")

    with subtest("properties"):
        info = machine.get_unit_info("steady")
        t.assertEqual(info["ActiveState"], "active")
        t.assertEqual(info["Description"], "Runs and runs")
        pid = int(machine.get_unit_property("steady", "MainPID"))
        machine.succeed(f"test -d /proc/{pid}")

    with subtest("a unit that nobody wants is not started until it is asked for"):
        machine.require_unit_state("idle", "inactive")
        status, _ = machine.start_job("idle.service")
        assert status == 0
        machine.wait_for_unit("idle")
        machine.stop_job("idle.service")
        machine.require_unit_state("idle", "inactive")

    with subtest("a unit that fails is not waited for"):
        # A simple unit is active from its fork until it ends.
        machine.start_job("broken")
        machine.wait_until_succeeds("systemctl is-failed broken", timeout=30)
        with t.assertRaises(Exception) as raised:
            machine.wait_for_unit("broken", timeout=30)
        assert "no luck today" in str(raised.exception), raised.exception
        machine.require_unit_state("broken", "failed")
        status, out = machine.systemctl("is-failed broken")
        t.assertEqual((status, out.strip()), (0, "failed"))
  '';
}
