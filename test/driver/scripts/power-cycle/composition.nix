# A node that is shut down, started, rebooted and crashed.
{ pkgs, ... }:
{
  roles = {
    machine1 = { ... }: {
      environment.systemPackages = [ pkgs.coreutils ];
      systemd.services.up = {
        wantedBy = [ "multi-user.target" ];
        script = "touch /run/up; exec sleep infinity";
      };
    };
    machine2 = { ... }: { };
  };

  testScript = ''
    start_all()
    machine1.wait_for_unit("up")
    assert machine1.is_up()

    with subtest("shutdown ends it, and only it"):
        machine1.shutdown()
        machine1.wait_for_shutdown()
        assert not machine1.is_up()
        machine2.succeed("true")

    with subtest("its services run again after a start"):
        machine1.start()
        machine1.connect()
        machine1.wait_for_unit("up")
        machine1.wait_for_file("/run/up", timeout=30)

    with subtest("a reboot is both"):
        machine1.reboot()
        machine1.wait_for_unit("up")
        machine1.succeed("test -e /run/up")

    with subtest("a crash asks nobody, and start_all brings everything back"):
        machine1.crash()
        assert not machine1.is_up()
        start_all()
        machine1.wait_for_unit("up")
        t.assertEqual([machine.is_up() for machine in machines], [True, True])
  '';
}
