# Two roles: a web server that runs as a systemd service, and a client that asks it.
# Nodes find each other by name, so the client simply asks http://server:8000/.
{ pkgs, ... }:
let
  port = 8000;

  # The server's program, written to a file of its own. In a Nix string of two quotes,
  # ${…} is replaced by Nix; write ''${…} where JavaScript should see it.
  serve = pkgs.writeText "serve.js" ''
    const http = require('node:http');
    const os = require('node:os');
    http
      .createServer((request, response) => response.end('hello from ' + os.hostname() + '\n'))
      .listen(process.env.PORT);
  '';

  # A small command for the client. It prints the page, and fails when the server does not answer.
  get = pkgs.writeShellScriptBin "get" ''
    exec ${pkgs.nodejs}/bin/node -e '
      fetch(process.argv[1])
        .then(response => response.text())
        .then(text => process.stdout.write(text))
    ' "$1"
  '';
in
{
  roles = {
    server = { pkgs, ... }: {
      systemd.services.web = {
        description = "A web page for the clients";
        # Started at boot: multi-user.target is what a machine without screen boots into.
        wantedBy = [ "multi-user.target" ];
        after = [ "network.target" ];
        environment.PORT = toString port;
        serviceConfig = {
          # systemd wants the full path of a program; ${pkgs.nodejs} is the folder of the package.
          ExecStart = "${pkgs.nodejs}/bin/node ${serve}";
          Restart = "on-failure";
        };
      };
    };

    client = { ... }: {
      environment.systemPackages = [ get ];
    };
  };

  # `wait_for_unit` waits until systemd says that the service runs, `wait_for_open_port` until it listens.
  testScript = ''
    start_all()
    server.wait_for_unit("web.service")
    server.wait_for_open_port(${toString port})

    with subtest("the client gets the page"):
        page = client.succeed("get http://server:${toString port}/")
        assert page == "hello from server\n", page
  '';
}
