# A service that has to stay up all the time, while other things happen.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.procps pkgs.coreutils ];
    systemd.services.heart = {
      wantedBy = [ "multi-user.target" ];
      script = "while sleep 0.2; do date +%s%N > /run/beat; done";
    };
  };

  testScript = ''
    @polling_condition(seconds_interval=0.1)
    def heart_beats():
        "the heart beats"
        machine.succeed("systemctl is-active heart")


    start_all()
    machine.wait_for_unit("heart")
    heart_beats.wait(timeout=30)

    with subtest("work goes on while the condition holds"):
        with heart_beats:
            before = machine.succeed("cat /run/beat 2>/dev/null || true")
            machine.wait_until_succeeds(f"test \"$(cat /run/beat)\" != '{before.strip()}'", timeout=30)

    with subtest("work ends when it no longer holds"):
        with t.assertRaises(Exception) as raised:
            with heart_beats:
                machine.stop_job("heart")
                machine.wait_until_succeeds("test -e /run/never", timeout=60)
        assert "the heart beats" in str(raised.exception), raised.exception
  '';
}
