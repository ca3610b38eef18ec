# A node that is cut off from the others, and comes back.
{ pkgs, ... }:
let
  greeter = pkgs.writeText "greeter.js" ''
    const name = require('node:os').hostname();
    require('node:http').createServer((_, response) => response.end(name)).listen(8080);
  '';
in
{
  roles.peer = { ... }: {
    environment.systemPackages = [ pkgs.curl ];
    systemd.services.greeter = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${greeter}";
    };
  };
  rolesDistribution.peer = 3;

  testScript = ''
    def reaches(source, target):
        return source.execute(f"curl -sf --max-time 1 http://{target.name}:8080/").status == 0


    start_all()
    for machine in machines:
        machine.wait_for_unit("greeter")
        machine.wait_for_open_port(8080)

    with subtest("everybody reaches everybody"):
        missing = [(a.name, b.name) for a in machines for b in machines if not reaches(a, b)]
        t.assertEqual(missing, [])

    with subtest("one that is cut off reaches itself alone"):
        peer3.block()
        assert not reaches(peer1, peer3)
        assert not reaches(peer3, peer1)
        assert reaches(peer1, peer2), "the others must not notice"
        peer3.succeed("curl -sf --max-time 2 http://localhost:8080/")

    with subtest("and is back when it is connected again"):
        peer3.unblock()
        peer1.wait_until_succeeds("curl -sf --max-time 1 http://peer3:8080/", timeout=30)
        assert reaches(peer3, peer2)
  '';
}
