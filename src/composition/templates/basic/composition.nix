# A composition describes the machines of an experiment. It is a function: `pkgs` holds the packages.
{ pkgs, ... }: {

  # Each role is a kind of machine, written as a NixOS module. Here is one role, `foo`;
  # a deployment makes one node of it, also called `foo` (for three of them: nxc start -r foo=3).
  roles = {
    foo = { pkgs, ... }: {
      # Programs for every user of the node, for example:
      # environment.systemPackages = [ pkgs.curl pkgs.jq ];

      # A file in the node's /etc:
      # environment.etc."motd".text = "This is foo.";
    };
  };

  # The test, in Python. Every node is a variable with its name; `succeed` runs a command on it
  # and fails the test when the command fails. Run it with: nxc driver -t
  testScript = ''
    foo.succeed("true")
  '';
}
