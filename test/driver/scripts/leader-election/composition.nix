# Three nodes that agree on a leader: the first by name of those that answer.
{ pkgs, ... }:
let
  names = [ "node1" "node2" "node3" ];
  member = pkgs.writeText "member.js" ''
    const http = require('node:http');
    const self = require('node:os').hostname();
    const names = process.env.MEMBERS.split(' ');
    const seen = new Map();
    const alive = () => names.filter(name => name === self || Date.now() - (seen.get(name) ?? 0) < 1000);
    setInterval(() => {
      for (const name of names.filter(name => name !== self)) {
        http.get({ host: name, port: 7000, path: '/ping', timeout: 300 }, response => {
          response.resume();
          seen.set(name, Date.now());
        }).on('error', () => {}).on('timeout', function () { this.destroy(); });
      }
    }, 100);
    http.createServer((_, response) => response.end(alive().sort()[0])).listen(7000);
  '';
in
{
  roles.node = { ... }: {
    environment.systemPackages = [ pkgs.curl ];
    systemd.services.member = {
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      environment.MEMBERS = toString names;
      serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${member}";
    };
  };
  rolesDistribution.node = names;

  testScript = ''
    def leader(machine):
        return machine.succeed("curl -sf --max-time 2 http://localhost:7000/")


    def agree_on(expected, members):
        def agreed(last):
            found = {machine.name: leader(machine) for machine in members}
            if last:
                log.info(f"they say {found}")
            return set(found.values()) == {expected}

        retry(agreed, timeout=30)


    start_all()
    for machine in machines:
        machine.wait_for_unit("member")
        machine.wait_for_open_port(7000)

    with subtest("all of them find the same leader"):
        agree_on("node1", machines)

    with subtest("another one takes over when the leader is lost"):
        node1.crash()
        agree_on("node2", [node2, node3])

    with subtest("it leads again when it is back"):
        node1.start()
        node1.wait_for_unit("member")
        node1.wait_for_open_port(7000)
        agree_on("node1", machines)
  '';
}
