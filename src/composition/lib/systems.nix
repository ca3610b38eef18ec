# Systems: the platforms that packages name, by what they have in common.
lib:
let
  # [ system, the names of its groups ]
  table = lib.importJSON ./systems.json;
  all = map builtins.head table;
  groupsOf = row: lib.splitString " " (builtins.elemAt row 1);
  pairs = builtins.concatMap (row: map (group: { inherit group; system = builtins.head row; }) (groupsOf row)) table;
  groups = builtins.mapAttrs (_: map ({ system, ... }: system)) (builtins.groupBy ({ group, ... }: group) pairs);
  # With an ABI of their own, which nixpkgs puts after the usual one.
  ownAbi = [ "armv5tel-linux" "armv6l-linux" "armv7a-linux" "armv7l-linux" "powerpc64-linux" ];
in
{
  doubles = groups // {
    inherit all;
    none = [ ];
    gnu = lib.subtractLists ownAbi groups.linux ++ ownAbi;
  };
  flakeExposed = [
    "x86_64-linux" "aarch64-linux" "x86_64-darwin" "armv6l-linux" "armv7l-linux" "i686-linux" "aarch64-darwin"
    "powerpc64le-linux" "riscv64-linux" "x86_64-freebsd"
  ];
}
