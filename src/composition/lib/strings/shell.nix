# Texts for shells, and search paths.
lib:
let
  inherit (builtins) concatStringsSep match toJSON;
in
rec {
  escapeShellArg = value:
    let text = toString value; in
    if match "[[:alnum:],._+:@%/-]+" text == null then "'${lib.replaceString "'" "'\\''" text}'" else text;
  escapeShellArgs = lib.concatMapStringsSep " " escapeShellArg;
  toShellVar = name: value:
    lib.throwIfNot (lib.isValidPosixName name) "lib.strings.toShellVar: ${name} is no name of a shell variable" (
      if builtins.isAttrs value && !lib.isStringLike value then
        "declare -A ${name}=(${concatStringsSep " " (lib.mapAttrsToList (k: v: "[${escapeShellArg k}]=${escapeShellArg v}") value)})"
      else if builtins.isList value then "declare -a ${name}=(${escapeShellArgs value})"
      else "${name}=${escapeShellArg value}"
    );
  toShellVars = set: concatStringsSep "\n" (lib.mapAttrsToList toShellVar set);

  makeSearchPath = folder: packages:
    concatStringsSep ":" (map (package: package + "/" + folder) (builtins.filter (x: x != null) packages));
  makeSearchPathOutput = output: folder: packages: makeSearchPath folder (map (lib.getOutput output) packages);
  makeBinPath = makeSearchPathOutput "bin" "bin";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
}
