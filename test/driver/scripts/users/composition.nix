# Users of a node: their homes, what runs as them, and what they may not read.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.util-linux pkgs.coreutils ];
    users.users = {
      alice = { isNormalUser = true; };
      bob = { isNormalUser = true; };
    };
    systemd.services.diary = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig = { Type = "oneshot"; RemainAfterExit = true; User = "alice"; };
      script = "umask 077; id -un > /home/alice/diary";
    };
  };

  testScript = ''
    def run_as(user, command):
        return f"setpriv --reuid={user} --clear-groups -- sh -c {command!r}"


    start_all()
    machine.wait_for_unit("diary")

    with subtest("they exist, each with an own number and home"):
        numbers = {user: int(machine.succeed(f"id -u {user}")) for user in ["alice", "bob"]}
        assert len(set(numbers.values())) == 2 and 0 not in numbers.values(), numbers
        for user in numbers:
            machine.succeed(f"test -d /home/{user}")
            t.assertEqual(machine.succeed(f"stat -c %U /home/{user}").strip(), user)

    with subtest("a service runs as its user"):
        t.assertEqual(machine.succeed("cat /home/alice/diary").strip(), "alice")
        t.assertEqual(machine.succeed("stat -c %U /home/alice/diary").strip(), "alice")

    with subtest("others cannot read it"):
        machine.succeed(run_as("alice", "cat /home/alice/diary"))
        machine.fail(run_as("bob", "cat /home/alice/diary"))
  '';
}
