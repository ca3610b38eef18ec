# Commands that do not end by themselves, and waits that never come true.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.procps ];
    systemd.services.late = {
      wantedBy = [ "multi-user.target" ];
      script = "sleep 0.7; touch /run/late; exec sleep infinity";
    };
  };

  testScript = ''
    import time

    start_all()

    with subtest("a command that takes too long is ended, with what it wrote"):
        began = time.monotonic()
        status, out = machine.execute("echo early; sleep 1000; echo late", timeout=1)
        assert status != 0, status
        assert "late" not in out
        assert time.monotonic() - began < 30

    with subtest("none of it runs on"):
        machine.wait_until_fails("pgrep -f 'sleep 1000'", timeout=10)

    with subtest("the machine is as usable as before"):
        t.assertEqual(machine.succeed("echo still here"), "still here\n")

    with subtest("succeed fails in time"):
        with t.assertRaises(Exception) as raised:
            machine.succeed("sleep 1000", timeout=1)
        log.info(f"it said: {str(raised.exception).splitlines()[0]}")

    with subtest("a wait that comes true, and one that does not"):
        machine.wait_for_file("/run/late", timeout=20)
        with t.assertRaises(Exception):
            machine.wait_for_file("/run/never", timeout=1)
        with t.assertRaises(Exception):
            machine.wait_until_succeeds("false", timeout=1)
  '';
}
