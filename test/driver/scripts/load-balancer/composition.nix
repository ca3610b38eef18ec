# A balancer before two backends: requests are shared, and a backend that is lost is left out.
{ pkgs, ... }:
let
  backend = pkgs.writeText "backend.js" ''
    const name = require('node:os').hostname();
    require('node:http').createServer((_, response) => response.end(name + '\n')).listen(8000);
  '';
  balancer = pkgs.writeText "balancer.js" ''
    const http = require('node:http');
    const backends = process.env.BACKENDS.split(' ');
    let turn = 0;
    const ask = (left, response) => {
      if (left === 0) return response.writeHead(503).end('no backend\n');
      const host = backends[turn++ % backends.length];
      http.get({ host, port: 8000, timeout: 500 }, answer => answer.pipe(response))
        .on('timeout', function () { this.destroy(); })
        .on('error', () => ask(left - 1, response));
    };
    http.createServer((_, response) => ask(backends.length, response)).listen(80);
  '';
  node = script: environment: {
    wantedBy = [ "multi-user.target" ];
    inherit environment;
    serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${script}";
  };
in
{
  roles = {
    backend = { ... }: { systemd.services.backend = node backend { }; };
    balancer = { ... }: { systemd.services.balancer = node balancer { BACKENDS = "backend1 backend2"; }; };
    client = { ... }: { environment.systemPackages = [ pkgs.curl ]; };
  };
  rolesDistribution.backend = 2;

  testScript = ''
    from collections import Counter

    def ask(times):
        out = client.succeed(f"for i in $(seq {times}); do curl -sf --max-time 5 http://balancer/; done")
        return Counter(out.split())


    start_all()
    for backend in [backend1, backend2]:
        backend.wait_for_unit("backend")
        backend.wait_for_open_port(8000)
    balancer.wait_for_unit("balancer")
    balancer.wait_for_open_port(80)

    with subtest("both backends have half of the work"):
        t.assertEqual(ask(10), {"backend1": 5, "backend2": 5})

    with subtest("a backend that is stopped is left out"):
        backend1.stop_job("backend")
        t.assertEqual(ask(4), {"backend2": 4})

    with subtest("and is asked again when it is back"):
        backend1.start_job("backend")
        backend1.wait_for_open_port(8000)
        assert ask(4)["backend1"] == 2

    with subtest("without any backend the balancer says so"):
        for backend in [backend1, backend2]:
            backend.stop_job("backend")
        status = client.succeed("curl -s -o /dev/null -w '%{http_code}' http://balancer/")
        t.assertEqual(status, "503")
  '';
}
