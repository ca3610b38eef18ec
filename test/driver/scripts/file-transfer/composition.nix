# Files to a node and back, text and bytes, alone and in folders.
{ pkgs, ... }:
{
  roles.machine = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };

  testScript = ''
    import hashlib
    import pathlib
    import tempfile

    start_all()
    with tempfile.TemporaryDirectory(prefix="nxc-transfer-") as folder:
        here = pathlib.Path(folder)

        with subtest("a text"):
            (here / "greeting.txt").write_text("grüß dich\n")
            machine.copy_from_host_via_shell(str(here / "greeting.txt"), "/tmp/in/greeting.txt")
            t.assertEqual(machine.succeed("cat /tmp/in/greeting.txt"), "grüß dich\n")

        with subtest("bytes stay what they are"):
            payload = os.urandom(3_000_000)
            (here / "payload").write_bytes(payload)
            machine.copy_from_host(str(here / "payload"), "/tmp/payload")
            digest = machine.succeed("sha256sum /tmp/payload").split()[0]
            t.assertEqual(digest, hashlib.sha256(payload).hexdigest())
            machine.succeed("cp /tmp/payload /tmp/payload.back")
            machine.copy_from_machine("/tmp/payload.back", str(here))
            assert (here / "payload.back").read_bytes() == payload

        with subtest("a folder with all that is in it"):
            tree = here / "tree" / "deep" / "deeper"
            tree.mkdir(parents=True)
            for number in range(5):
                (tree / f"{number}.txt").write_text(f"{number}\n" * number)
            machine.copy_from_host(here / "tree", "/tmp/tree")
            t.assertEqual(machine.succeed("find /tmp/tree -type f | wc -l").strip(), "5")
            t.assertEqual(machine.succeed("cat /tmp/tree/deep/deeper/2.txt"), "2\n2\n")

        with subtest("what is not there is said so"):
            with t.assertRaises(Exception):
                machine.copy_from_machine("/no/such/file", str(here))
  '';
}
