# The argument `utils` of NixOS's modules, as far as it needs nixpkgs' lib only.
lib:
rec {
  # Words of a command line that systemd takes as they are.
  escapeSystemdExecArg = arg:
    if builtins.any (test: test arg) [ builtins.isPath builtins.isString builtins.isInt builtins.isFloat lib.isDerivation ] then
      lib.replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON (if builtins.isPath arg then "${arg}" else toString arg))
    else throw "utils.escapeSystemdExecArg takes paths, texts, numbers and packages, and this is a ${builtins.typeOf arg}";
  escapeSystemdExecArgs = lib.concatMapStringsSep " " escapeSystemdExecArg;
}
