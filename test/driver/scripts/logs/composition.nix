# What services write to their log.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    systemd.services.speaker = {
      wantedBy = [ "multi-user.target" ];
      script = ''
        echo "hello from the speaker"
        echo "a warning" >&2
        sleep 0.5
        echo "late news: number 42"
        exec sleep infinity
      '';
    };
  };

  testScript = ''
    import re

    start_all()
    machine.wait_for_unit("speaker")

    with subtest("both streams are in the log"):
        machine.wait_until_succeeds("journalctl -u speaker | grep -q 'hello from the speaker'", timeout=30)
        machine.wait_until_succeeds("journalctl -u speaker | grep -q 'a warning'", timeout=30)

    with subtest("lines that come later are waited for"):
        machine.wait_until_succeeds("journalctl -u speaker | grep -q 'late news'", timeout=30)
        log_text = machine.succeed("journalctl -u speaker")
        found = re.search(r"late news: number (\d+)", log_text)
        assert found and int(found[1]) == 42, log_text
        assert log_text.index("hello") < log_text.index("late news")

    with subtest("only this unit's"):
        machine.fail("journalctl -u speaker | grep -q 'nobody said this'")
  '';
}
