# A service that needs a while: everything that tries again until it works.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.coreutils ];
    systemd.services.warming = {
      description = "Is ready after its third try";
      wantedBy = [ "multi-user.target" ];
      script = ''
        for try in 1 2 3; do
          echo "$try" > /run/tries
          sleep 0.2
        done
        touch /run/ready
        exec sleep infinity
      '';
    };
  };

  testScript = ''
    start_all()
    machine.wait_for_unit("warming.service")

    with subtest("wait_until_succeeds gives the output of the try that succeeded"):
        out = machine.wait_until_succeeds("test -e /run/ready && cat /run/tries", timeout=30)
        t.assertEqual(out.strip(), "3")

    with subtest("wait_until_fails"):
        machine.execute("(sleep 0.3; rm /run/ready) >/dev/null 2>&1 &")
        machine.wait_until_fails("test -e /run/ready", timeout=30)

    with subtest("retry calls until it is true, and says which try is the last"):
        tries = []

        def third_time(last):
            tries.append(last)
            return len(tries) == 3

        retry(third_time, timeout=30)
        t.assertEqual(tries, [False, False, False])

    with subtest("retry gives up"):
        with t.assertRaises(Exception):
            retry(lambda last: False, timeout=0.1)
  '';
}
