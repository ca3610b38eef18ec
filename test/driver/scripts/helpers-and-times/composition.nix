# A script with functions of its own, types, times as timedelta, the logger, and retries.
{ pkgs, ... }:
{
  roles = {
    server = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
    client-a = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
    client-b = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
  };

  testScript = ''
    import datetime as dt
    import json
    import re
    from collections.abc import Callable
    from typing import Any


    def info(machine: BaseMachine, *, extra: str = "") -> dict[str, Any]:
        with machine.nested(f"ask {machine.name}", {"kind": "info"}):
            return json.loads(machine.succeed(f"printf '{{\"host\": \"%s\", \"extra\": \"{extra}\"}}' $(cat /etc/hostname)"))


    def eventually(check: Callable[[], bool], what: str) -> None:
        def attempt(last_try: bool) -> bool:
            if last_try:
                driver.logger.info(f"Last chance for {what}")
            return check()

        with driver.logger.nested(f"waiting for {what}"):
            retry(attempt, timeout_seconds=30)


    serial_stdout_off()
    start_all()
    clients = [client_a, client_b]

    with subtest("every machine says who it is"):
        for machine in [server, *clients]:
            t.assertEqual(info(machine, extra="x"), {"host": machine.name, "extra": "x"})

    with subtest("times may be timedelta"):
        soon = dt.timedelta(seconds=20)
        server.wait_for_unit("multi-user.target", timeout=soon)
        server.wait_for_file(filename="/etc/hostname", timeout=soon)
        server.wait_for_closed_port(9, timeout=soon)
        server.wait_until_succeeds("true", timeout=soon)
        with t.assertRaises(Exception):
            server.succeed("sleep 60", timeout=dt.timedelta(milliseconds=200))

    with subtest("something comes true after a while"):
        server.execute("(sleep 1; echo 42 > /tmp/answer) >&2 &")
        eventually(lambda: server.execute("grep -q 42 /tmp/answer")[0] == 0, "the answer")
        match = re.search(r"(?P<number>\d+)", server.succeed("cat /tmp/answer"))
        assert match is not None and match["number"] == "42"

    with subtest("the logger takes what it takes in NixOS"):
        log.info("all is well")
        log.warning("nearly all")
        log.debug("not of interest")
        server.log(f"{len(machines)} machines")

    driver.serial_stdout_off()
  '';
}
