# A script of many parts: nested ones, ones made in a loop, ones that are worth points.
{ pkgs, ... }:
{
  roles.machine = { ... }: {
    environment.systemPackages = [ pkgs.coreutils pkgs.gnused ];
    environment.etc."exercise".text = "one\ntwo\nthree\n";
  };

  testScript = ''
    import re
    from contextlib import contextmanager
    from typing import Iterator

    expectations = {"first": "one", "last": "three"}
    commands = {"first": "head -n 1", "last": "tail -n 1"}


    @contextmanager
    def scratch(machine: Machine) -> Iterator[str]:
        folder = machine.succeed("mktemp -d").strip()
        try:
            yield folder
        finally:
            machine.succeed(f"rm -r {folder}")


    start_all()

    with subtest("lines"):
        for name, line in expectations.items():
            with subtest(f"the {name} line"):
                out = machine.succeed(f"{commands[name]} /etc/exercise")
                t.assertEqual(out.rstrip(), line, f"{name} line of /etc/exercise")

    with subtest("changes", points=3):
        with scratch(machine) as folder:
            machine.succeed(
                f"cp /etc/exercise {folder}/copy",
                f"sed -i 's/two/zwei/' {folder}/copy",
            )
            t.assertRegex(machine.succeed(f"cat {folder}/copy"), re.compile("^zwei$", re.MULTILINE))
        machine.fail(f"test -e {folder}")

    with machine.nested("what is done here is told"), log.nested("twice"):
        machine.log("in between")
  '';
}
