# Systems: platforms, what they are made of, and groups of them.
lib: {
  parse = import ./systems/parse.nix lib;
  inspect = import ./systems/inspect.nix lib;
  architectures = import ./systems/architectures.nix lib;
  platforms = import ./systems/platforms.nix lib;
  examples = import ./systems/examples.nix lib;
  doubles = import ./systems/doubles.nix lib;
  elaborate = import ./systems/elaborate.nix lib;
  systemToAttrs = systemOrArgs: if builtins.isAttrs systemOrArgs then systemOrArgs else { system = systemOrArgs; };

  # Functions are equal to nothing, so platforms are compared without theirs.
  functionNames = [ "canExecute" "emulator" "emulatorAvailable" "staticEmulatorAvailable" ];
  equals = a: b: a._withoutFunctions == b._withoutFunctions;

  flakeExposed = [
    "x86_64-linux" "aarch64-linux" "x86_64-darwin" "armv6l-linux" "armv7l-linux" "i686-linux" "aarch64-darwin"
    "powerpc64le-linux" "riscv64-linux" "x86_64-freebsd"
  ];
}
