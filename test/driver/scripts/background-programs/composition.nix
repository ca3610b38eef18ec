# Programs that a test leaves running, and a condition that watches one of them.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.coreutils pkgs.procps ];
  };

  testScript = ''
    @polling_condition(seconds_interval=0.1)
    def ticker_running():
        "check that the ticker is running"
        machine.succeed(f"kill -0 {ticker}")

    machine.wait_for_unit("multi-user.target")

    with subtest("a program that writes to stderr alone does not hold up its command"):
        machine.execute("while sleep 0.1; do date >> /tmp/ticks; done >&2 &")
        machine.wait_for_file("/tmp/ticks")

    with subtest("the id of a background process is that of a process"):
        ticker = machine.succeed("sleep 1000 > /dev/null 2>&1 & echo $!").strip()
        assert ticker.isdigit(), ticker
        assert "sleep" in machine.succeed(f"ps -o comm= -p {ticker}")

    ticker_running.wait(timeout=10)
    with ticker_running:
        machine.sleep(1)
        machine.wait_until_succeeds("test $(wc -l < /tmp/ticks) -ge 3", timeout=30)

    with subtest("it is noticed when the program ends"):
        machine.succeed(f"kill {ticker}")
        machine.wait_until_fails(f"kill -0 {ticker}", timeout=10)
        with t.assertRaises(Exception):
            with ticker_running:
                machine.sleep(1)
                machine.succeed("true")

    with subtest("nobody waits for a command whose output is not wanted"):
        status, output = machine.execute("sleep 2; touch /tmp/later", check_return=False, check_output=False)
        t.assertEqual((status, output), (-2, ""))
        machine.wait_for_file("/tmp/l*", timeout=30)
  '';
}
