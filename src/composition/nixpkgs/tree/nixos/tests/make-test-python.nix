# A test as nixpkgs' own tests are written: `import ./make-test-python.nix ({ pkgs, ... }: { nodes = …; })`.
test: test
