# Services handled with systemctl and journalctl in pipes, all of which must succeed.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.coreutils pkgs.gnugrep ];
    systemd.services.talker = {
      description = "Says what it does";
      wantedBy = [ "multi-user.target" ];
      script = ''
        for i in $(seq 2000); do echo "line $i"; done
        echo ready
        exec sleep infinity
      '';
    };
    systemd.services.once = {
      serviceConfig.Type = "oneshot";
      script = "echo done once";
    };
  };

  testScript = ''
    machine.wait_for_unit("talker")
    machine.wait_until_succeeds("journalctl -u talker.service | grep ready", timeout=60)

    with subtest("what systemctl and journalctl tell can be searched"):
        machine.succeed("journalctl -u once | cat")
        machine.succeed("systemctl status talker | grep 'Says what it does'")
        machine.succeed("systemctl show talker | grep '^Id=talker.service'")
        machine.succeed("systemctl cat talker | grep -c .")

    with subtest("properties and states agree"):
        pid = machine.succeed("systemctl show --property MainPID --value talker").strip()
        t.assertEqual(pid, machine.get_unit_property("talker", "MainPID"))
        t.assertEqual(machine.get_unit_info("talker.service")["ActiveState"], "active")
        machine.require_unit_state("talker", require_state="active")
        machine.succeed("systemctl is-active talker once || true", "systemctl --failed | cat")

    with subtest("a restart is another process"):
        machine.succeed("systemctl restart talker.service")
        machine.wait_for_unit("talker.service")
        t.assertNotEqual(pid, machine.get_unit_property("talker", "MainPID"))

    with subtest("a oneshot that has run is inactive, which is no failure"):
        machine.start_job("once")
        machine.require_unit_state("once", "inactive")
        machine.wait_until_succeeds("journalctl -u once | grep 'done once'", timeout=30)
        status, jobs = machine.systemctl("list-jobs --full 2>&1")
        assert "No jobs" in jobs, jobs
  '';
}
