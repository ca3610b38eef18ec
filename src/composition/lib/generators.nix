# Texts in formats that programs read.
lib:
let
  inherit (builtins) concatLists concatMap concatStringsSep isAttrs isBool isFloat isInt isList isPath isString toJSON;

  ini = import ./generators/ini.nix lib;
in
ini // {
  toJSON = { }: toJSON;
  # JSON is YAML too.
  toYAML = { }: toJSON;
  toPretty = import ./generators/pretty.nix lib;
  toPlist = import ./generators/plist.nix lib;
  inherit (import ./generators/lua.nix lib) toLua mkLuaInline;

  # The same value, cut off where it is deeper than the limit.
  withRecursion = { depthLimit, throwOnDepthLimit ? true }:
    assert isInt depthLimit;
    let
      asTheyAre = [ "__functor" "__functionArgs" "__toString" "__pretty" ];
      cut = depth: value:
        if depth <= depthLimit then value
        else if throwOnDepthLimit then throw "lib.generators.withRecursion: the value is deeper than the limit of ${toString depthLimit}"
        else "<unevaluated>";
      go = depth: value:
        let inner = x: go (depth + 1) (cut (depth + 1) x); in
        if isAttrs value then builtins.mapAttrs (name: x: if builtins.elem name asTheyAre then x else inner x) value
        else if isList value then map inner value
        else cut (depth + 1) value;
    in
    go 0;

  toDhall = { }@how: value:
    let
      inner = lib.generators.toDhall how;
      refuse = what: abort "lib.generators.toDhall: Dhall has no ${what}";
    in
    if isAttrs value then "{ ${lib.concatMapAttrsStringSep ", " (key: x: "${key} = ${inner x}") value} }"
    else if isList value then "[ ${lib.concatMapStringsSep ", " inner value} ]"
    else if isInt value then (if value < 0 then "" else "+") + toString value
    else if isBool value then (if value then "True" else "False")
    else if lib.isFunction value then refuse "functions that Nix wrote"
    else if value == null then refuse "null"
    else toJSON value;
}
