# A primary that copies what it is given to a standby; the standby is promoted when the primary dies.
{ pkgs, lib, ... }:
let
  store = pkgs.writeText "store.js" ''
    const http = require('node:http');
    const { existsSync } = require('node:fs');
    const values = new Map();
    const standby = process.env.STANDBY;
    const primary = () => standby !== undefined || existsSync('/run/promoted');
    const copy = (key, value, done) => {
      if (!standby) return done();
      http.request({ host: standby, port: 6000, path: '/' + key, method: 'PUT', headers: { 'x-copy': 'yes' } }, response => {
        response.resume().on('end', done);
      }).on('error', done).end(value);
    };
    http.createServer((request, response) => {
      const key = request.url.slice(1);
      const answer = (status, text) => { response.statusCode = status; response.end(text); };
      if (request.method === 'GET') return values.has(key) ? answer(200, values.get(key)) : answer(404, "");
      if (!primary() && !request.headers['x-copy']) return answer(403, 'this is the standby\n');
      let body = "";
      request.on('data', chunk => (body += chunk)).on('end', () => {
        values.set(key, body);
        copy(key, body, () => answer(200, 'ok'));
      });
    }).listen(6000);
  '';
  service = environment: {
    environment.systemPackages = [ pkgs.curl ];
    systemd.services.store = {
      wantedBy = [ "multi-user.target" ];
      inherit environment;
      serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${store}";
    };
  };
in
{
  roles = {
    primary = { ... }: service { STANDBY = "standby"; };
    standby = { ... }: service { };
    client = { ... }: { environment.systemPackages = [ pkgs.curl ]; };
  };

  testScript = ''
    def put(server, key, value):
        return client.execute(f"curl -sf --max-time 3 -X PUT -d {value} http://{server}:6000/{key}")


    def get(server, key):
        return client.succeed(f"curl -sf --max-time 3 http://{server}:6000/{key}")


    start_all()
    for server in [primary, standby]:
        server.wait_for_unit("store")
        server.wait_for_open_port(6000)

    with subtest("what is written to the primary is on the standby"):
        status, _ = put("primary", "colour", "green")
        assert status == 0
        t.assertEqual(get("standby", "colour"), "green")

    with subtest("the standby takes no writes"):
        assert put("standby", "colour", "red").status != 0
        t.assertEqual(get("standby", "colour"), "green")

    with subtest("after a crash of the primary the standby is promoted, with everything"):
        primary.crash()
        client.wait_until_fails("curl -sf --max-time 1 http://primary:6000/colour", timeout=20)
        standby.succeed("touch /run/promoted")
        t.assertEqual(get("standby", "colour"), "green")
        assert put("standby", "shape", "round").status == 0
        t.assertEqual(get("standby", "shape"), "round")
  '';
}
