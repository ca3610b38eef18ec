# Data that is backed up, lost with its machine's folder, and restored from what the test keeps on this side.
{ pkgs, ... }:
{
  roles = {
    server = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
    standby = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
  };

  testScript = ''
    import hashlib
    import pathlib
    import tempfile

    server.succeed(
        "mkdir -p /var/lib/app/deep",
        "head -c 300000 /dev/urandom > /var/lib/app/deep/blob",
        "printf 'naïve “text”\n' > '/var/lib/app/with space.txt'",
    )
    checksum = server.succeed("sha256sum < /var/lib/app/deep/blob").split()[0]

    with tempfile.TemporaryDirectory() as folder:
        with subtest("the backup is here, byte by byte"):
            server.copy_from_machine("/var/lib/app", folder)
            kept = pathlib.Path(folder) / "app"
            t.assertEqual(hashlib.sha256((kept / "deep" / "blob").read_bytes()).hexdigest(), checksum)

        with subtest("the service loses everything"):
            server.succeed("rm -r /var/lib/app")
            server.fail("test -e /var/lib/app")

        with subtest("it is restored, here and on another machine"):
            server.copy_from_host(str(kept), "/var/lib/app")
            standby.copy_from_host_via_shell(str(kept / "deep" / "blob"), "/srv/new/blob")
            for machine, path in ((server, "/var/lib/app/deep/blob"), (standby, "/srv/new/blob")):
                t.assertIn(checksum, machine.succeed(f"sha256sum {path}"))
            t.assertEqual(server.succeed("cat '/var/lib/app/with space.txt'"), "naïve “text”\n")

    with subtest("what is not there is said so"):
        with t.assertRaises(Exception) as caught:
            server.copy_from_machine("/var/lib/nothing")
        t.assertIn("/var/lib/nothing", str(caught.exception))
  '';
}
