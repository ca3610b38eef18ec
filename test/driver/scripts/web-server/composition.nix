# A web server and a client that talks to it.
{ pkgs, ... }:
let
  page = pkgs.writeText "index.html" "<h1>It works</h1>\n";
  serve = pkgs.writeText "serve.js" ''
    const http = require('node:http');
    const page = require('node:fs').readFileSync(process.env.PAGE);
    http.createServer((request, response) => {
      const known = request.url === '/';
      response.writeHead(known ? 200 : 404, { 'content-type': 'text/html' });
      response.end(known ? page : 'not found\n');
    }).listen(8080);
  '';
in
{
  roles = {
    server = { ... }: {
      networking.firewall.enable = false;
      systemd.services.web = {
        description = "A page for everybody";
        wantedBy = [ "multi-user.target" ];
        after = [ "network.target" ];
        environment.PAGE = "${page}";
        serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${serve}";
      };
    };
    client = { ... }: { environment.systemPackages = [ pkgs.curl ]; };
  };

  testScript = ''
    start_all()

    server.wait_for_unit("web.service")
    server.wait_for_open_port(8080)

    with subtest("the page is served"):
        assert "It works" in client.succeed("curl -sSf http://server:8080/")

    with subtest("only that page is served"):
        client.fail("curl -sSf http://server:8080/other")
        status = client.succeed("curl -s -o /dev/null -w '%{http_code}' http://server:8080/other")
        t.assertEqual(status, "404")

    with subtest("nothing is served any more when the service is stopped"):
        server.stop_job("web")
        server.wait_for_closed_port(8080)
        client.fail("curl -sSf --max-time 2 http://server:8080/")
  '';
}
