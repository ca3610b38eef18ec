# `lib` for compositions that are evaluated without nixpkgs: the functions in common use, with nixpkgs' names
# and meaning (https://nixos.org/manual/nixpkgs/stable/#sec-functions-library). One file a topic.
let
  topics = {
    trivial = import ./trivial.nix lib;
    lists = import ./lists.nix lib;
    attrsets = import ./attrsets.nix lib;
    strings = import ./strings.nix lib;
    versions = import ./versions.nix lib;
    options = import ./options.nix lib;
    modules = import ./modules.nix lib;
    meta = import ./meta.nix lib;
    asserts = import ./asserts.nix lib;
    filesystem = import ./filesystem.nix lib;
    debug = import ./debug.nix lib;
  };
  lib = builtins.foldl' (all: name: all // topics.${name}) { } (builtins.attrNames topics) // topics // {
    types = import ./types.nix lib;
    generators = import ./generators.nix lib;
    cli = import ./cli.nix lib;
    sources = import ./sources.nix lib;
    inherit (lib.sources) cleanSource cleanSourceWith sourceByRegex sourceFilesBySuffices;
    # What people write in `meta`; it has no effect here.
    licenses = builtins.listToAttrs (map (name: { inherit name; value = { shortName = name; }; })
      [ "mit" "asl20" "bsd2" "bsd3" "gpl2Only" "gpl2Plus" "gpl3Only" "gpl3Plus" "lgpl3Plus" "agpl3Plus" "mpl20" "unfree" "free" ]);
    maintainers = { };
    platforms = rec { linux = [ "x86_64-linux" "aarch64-linux" ]; darwin = [ ]; unix = linux; all = linux; };
  };
in
lib
