# Many clients at the same time, from threads and with one call to all of them.
{ pkgs, ... }:
let
  counter = pkgs.writeText "counter.js" ''
    let count = 0;
    require('node:http').createServer((request, response) => {
      if (request.method === 'POST') count++;
      response.end(String(count));
    }).listen(9000);
  '';
in
{
  roles = {
    server = { ... }: {
      systemd.services.counter = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${counter}";
      };
    };
    client = { ... }: { environment.systemPackages = [ pkgs.curl ]; };
  };
  rolesDistribution.client = 3;

  testScript = ''
    import threading
    from concurrent.futures import ThreadPoolExecutor

    requests = 5
    load = f"for i in $(seq {requests}); do curl -sf -X POST http://server:9000/ >/dev/null; done"
    count = "curl -sf http://server:9000/"

    start_all()
    server.wait_for_unit("counter.service")
    server.wait_for_open_port(9000)
    clients = [machine for machine in machines if machine.name.startswith("client")]

    with subtest("a pool of threads"):
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda client: client.succeed(load), clients))
        t.assertEqual(int(client1.succeed(count)), requests * len(clients))

    with subtest("threads that are joined"):
        threads = [threading.Thread(target=client.succeed, args=(load,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        t.assertEqual(int(client2.succeed(count)), 2 * requests * len(clients))

    with subtest("one call to all of them"):
        outputs = machines.by_role("client").succeed(load + f"; {count}")
        t.assertEqual(len(outputs), len(clients))
        t.assertEqual(int(client3.succeed(count)), 3 * requests * len(clients))
  '';
}
