import ../../tests/ssh-keys.nix
