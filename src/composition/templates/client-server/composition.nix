# A server and several clients that share the work: each client sends requests, the server counts them by client.
# What you may want to change stands at the top.
{ pkgs, lib, ... }:
let
  port = 9000;
  requests = 100;

  serve = pkgs.writeText "serve.js" ''
    const http = require('node:http');
    const counts = {};
    http
      .createServer((request, response) => {
        const client = request.headers['x-client'];
        if (client) counts[client] = (counts[client] || 0) + 1;
        response.end(JSON.stringify(counts) + '\n');
      })
      .listen(process.env.PORT);
  '';

  # `load N` sends N requests one after the other and prints how many a second it managed, as JSON.
  load = pkgs.writeShellScriptBin "load" ''
    exec ${pkgs.nodejs}/bin/node ${pkgs.writeText "load.js" ''
      const client = require('node:os').hostname();
      const total = Number(process.argv[2]);
      (async () => {
        const start = performance.now();
        for (let sent = 0; sent < total; sent++) {
          const response = await fetch('http://server:${toString port}/', { headers: { 'x-client': client } });
          await response.text();
        }
        const seconds = (performance.now() - start) / 1000;
        console.log(JSON.stringify({ client, requests: total, perSecond: Math.round(total / seconds) }));
      })();
    ''} "$@"
  '';
in
{
  roles = {
    server = { pkgs, ... }: {
      systemd.services.counter = {
        description = "Counts the requests of each client";
        wantedBy = [ "multi-user.target" ];
        environment.PORT = toString port;
        serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${serve}";
      };
    };

    client = { ... }: {
      environment.systemPackages = [ load ];
      # Variables that every shell on the node sees.
      environment.variables.REQUESTS = toString requests;
    };
  };

  # Two nodes of role client: client1 and client2. `nxc start -r client=5` overrides it without an edit.
  rolesDistribution = { client = 2; };

  testScript = ''
    import json

    start_all()
    server.wait_for_unit("counter.service")
    server.wait_for_open_port(${toString port})

    def counts():
        return json.loads(server.succeed("""
            ${pkgs.nodejs}/bin/node -e '
              fetch("http://localhost:${toString port}/").then(async r => console.log(await r.text()))
            '
        """))

    with subtest("every client is counted"):
        before = counts()
        for client in [client1, client2]:
            result = json.loads(client.succeed("load $REQUESTS"))
            print(f"{result['client']}: {result['perSecond']} requests a second")
        after = counts()
        for name in ["client1", "client2"]:
            assert after[name] - before.get(name, 0) == ${toString requests}, (before, after)
  '';
}
