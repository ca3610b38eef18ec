# The same templates for users of Nix: nix flake init -t <this folder>#webserver
{
  description = "Templates of the NixOS Compose notebook kernel";

  outputs = { self }: {
    templates = {
      basic = {
        path = ./basic;
        description = "One role with nothing in it: where to begin";
      };
      webserver = {
        path = ./webserver;
        description = "A web server as a systemd service, and a client that asks it";
      };
      client-server = {
        path = ./client-server;
        description = "One server and two clients that count requests together, with parameters";
      };
      default = self.templates.basic;
    };
  };
}
