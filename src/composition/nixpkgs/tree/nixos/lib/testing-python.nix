# `makeTest` of tests that choose their own pkgs; here there is one pkgs.
{ pkgs, ... }:
rec {
  makeTest = test: if builtins.isFunction test then test { inherit pkgs; lib = pkgs.lib; } else test;
  simpleTest = makeTest;
  runTest = makeTest;
  runInMachine = throw "runInMachine builds with Nix, and the flavour local has none";
}
