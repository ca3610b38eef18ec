# A machine that powers itself off, and commands that find it off.
{ pkgs, ... }:
{
  roles = {
    machine1 = { ... }: {
      environment.systemPackages = [ pkgs.coreutils ];
      systemd.services.counter = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig.Type = "oneshot";
        serviceConfig.RemainAfterExit = true;
        script = "echo boot >> /root/boots";
      };
    };
    machine2 = { ... }: { };
  };

  testScript = ''
    def boots() -> int:
        return len(machine1.succeed("cat /root/boots").splitlines())

    start_all()
    machine1.wait_for_unit("counter.service")
    before = boots()

    with subtest("systemctl poweroff ends it in order"):
        machine1.execute("systemctl poweroff", check_return=False)
        machine1.wait_for_shutdown()
        assert not machine1.is_up()
        machine2.succeed("true")

    with subtest("it comes back with its disk"):
        machine1.start()
        machine1.wait_for_unit("counter.service")
        t.assertGreater(boots(), before)

    with subtest("a machine that the test crashed is started by its next command"):
        machine1.crash()
        machine1.wait_for_unit("counter.service")
        machine1.shutdown()
        machine1.succeed("test -s /root/boots")
        assert machine1.is_up()
  '';
}
