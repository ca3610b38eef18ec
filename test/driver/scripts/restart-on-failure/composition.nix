# A service that is started again when it dies.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.coreutils ];
    systemd.services.phoenix = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig = { Restart = "always"; RestartSec = "100ms"; };
      script = "echo x >> /run/starts; exec sleep infinity";
    };
    systemd.services.mortal = {
      wantedBy = [ "multi-user.target" ];
      script = "exec sleep infinity";
    };
  };

  testScript = ''
    def main_pid(unit):
        return int(machine.get_unit_property(unit, "MainPID"))


    start_all()
    machine.wait_for_unit("phoenix")
    machine.wait_for_unit("mortal")

    with subtest("a process that is killed gets a successor"):
        before = main_pid("phoenix")
        machine.succeed(f"kill -KILL {before}")

        def has_successor(last):
            after = main_pid("phoenix")
            return after not in (0, before)

        retry(has_successor, timeout=30)
        machine.wait_for_unit("phoenix")
        machine.wait_until_succeeds("test $(wc -l < /run/starts) -ge 2", timeout=30)

    with subtest("one that nobody restarts stays dead"):
        machine.succeed(f"kill -KILL {main_pid('mortal')}")
        machine.wait_until_fails("systemctl is-active mortal", timeout=30)
        machine.require_unit_state("mortal", "failed")

    with subtest("a restart by hand"):
        machine.systemctl("restart mortal")
        machine.wait_for_unit("mortal")
  '';
}
