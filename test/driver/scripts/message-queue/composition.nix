# A producer and a consumer on two nodes, and the queue between them on a third.
{ pkgs, ... }:
let
  broker = pkgs.writeText "broker.js" ''
    const queue = [];
    require('node:http').createServer((request, response) => {
      if (request.method === 'POST') {
        let body = "";
        request.on('data', chunk => (body += chunk)).on('end', () => response.end(String(queue.push(body))));
      } else if (queue.length === 0) {
        response.writeHead(204).end();
      } else {
        response.end(queue.shift() + '\n');
      }
    }).listen(5672);
  '';
  publish = pkgs.writeShellScriptBin "publish" ''exec curl -sSf --data "$1" http://broker:5672/'';
  take = pkgs.writeShellScriptBin "take" ''exec curl -sSf http://broker:5672/'';
in
{
  roles = {
    broker = { ... }: {
      systemd.services.broker = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${broker}";
      };
    };
    producer = { ... }: { environment.systemPackages = [ publish pkgs.curl ]; };
    consumer = { ... }: {
      environment.systemPackages = [ take pkgs.curl pkgs.coreutils ];
      systemd.services.worker = {
        path = [ take pkgs.curl pkgs.coreutils ];
        script = ''
          while sleep 0.1; do
            message=$(take)
            [ -z "$message" ] || echo "$message" >> /run/received
          done
        '';
      };
    };
  };

  testScript = ''
    messages = [f"order-{number}" for number in range(1, 6)]

    start_all()
    broker.wait_for_unit("broker")
    broker.wait_for_open_port(5672)

    with subtest("messages wait while nobody takes them"):
        for message in messages:
            producer.succeed(f"publish {message}")
        t.assertEqual(consumer.succeed("take").strip(), messages[0])

    with subtest("a worker takes the others in their order"):
        consumer.start_job("worker")
        consumer.wait_for_unit("worker")
        consumer.wait_until_succeeds(f"grep -q {messages[-1]} /run/received", timeout=30)
        t.assertEqual(consumer.succeed("cat /run/received").split(), messages[1:])

    with subtest("an empty queue gives nothing"):
        consumer.stop_job("worker")
        t.assertEqual(consumer.succeed("take"), "")
  '';
}
