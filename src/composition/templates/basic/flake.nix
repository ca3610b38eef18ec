# What Nix reads to build this project for the flavours that need it (docker, vm, nspawn, Grid'5000).
# The flavour `local` reads composition.nix alone, so nothing here matters before you leave your machine.
{
  description = "NixOS Compose: one role, nothing in it";

  inputs = {
    nxc.url = "git+https://gitlab.inria.fr/nixos-compose/nixos-compose.git";
    # The nixpkgs that this version of NixOS Compose is tested with. `nxc build` writes the exact revisions
    # to flake.lock: keep that file in git, and others build the same systems.
    nixpkgs.follows = "nxc/nixpkgs";
  };

  outputs = { self, nixpkgs, nxc }:
    let
      system = "x86_64-linux";
    in
    {
      # One package for each flavour: composition::docker, composition::vm, …
      packages.${system} = nxc.lib.compose {
        inherit nixpkgs system;
        composition = ./composition.nix;
      };

      devShells.${system}.default = nxc.devShells.${system}.nxcShell;
    };
}
