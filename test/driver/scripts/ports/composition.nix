# Ports and sockets that open, close and answer.
{ pkgs, ... }:
let
  echo = pkgs.writeText "echo.js" ''
    const net = require('node:net');
    const serve = where => net.createServer(socket => socket.pipe(socket)).listen(where);
    serve({ port: 5000, host: '127.0.0.1' });
    serve({ port: 5001, host: '0.0.0.0' });
    serve('/run/echo.sock');
  '';
in
{
  roles = {
    server = { ... }: {
      systemd.services.echo = {
        preStart = "rm -f /run/echo.sock";
        serviceConfig.ExecStart = "${pkgs.nodejs}/bin/node ${echo}";
      };
    };
    client = { ... }: { environment.systemPackages = [ pkgs.coreutils ]; };
  };

  testScript = ''
    start_all()

    with subtest("closed at first"):
        server.wait_for_closed_port(5000, timeout=10)
        client.wait_for_closed_port(5001, addr="server", timeout=10)

    with subtest("open once the service runs"):
        server.start_job("echo")
        server.wait_for_unit("echo")
        server.wait_for_open_port(5000)
        server.wait_for_open_port(5001, timeout=30)
        server.wait_for_open_unix_socket("/run/echo.sock", timeout=30)

    with subtest("one of them from outside, one from inside only"):
        client.wait_for_open_port(5001, "server", 30)
        client.wait_for_closed_port(5000, addr="server", timeout=10)

    with subtest("what is sent comes back"):
        talk = "exec 3<>/dev/tcp/server/5001; echo hello >&3; read -r line <&3; echo \"$line\""
        t.assertEqual(client.succeed(talk), "hello\n")

    with subtest("closed again"):
        server.stop_job("echo")
        client.wait_for_closed_port(5001, addr="server", timeout=30)
  '';
}
