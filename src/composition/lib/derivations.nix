# Derivations, described and wrapped.
lib:
let
  show = lib.generators.toPretty { multiline = false; };
in
rec {
  inherit (builtins) addDrvOutputDependencies unsafeDiscardOutputDependency;

  # A package whose attributes are known before the derivation is computed.
  lazyDerivation = args@{ derivation, meta ? null, passthru ? { }, outputs ? [ "out" ] }:
    let
      checked =
        if derivation.type or null != "derivation" then throw "lib.derivations.lazyDerivation: the argument `derivation` is no derivation"
        else if derivation.outputs != outputs then
          throw "lib.derivations.lazyDerivation: ${derivation.name or "the derivation"} has the outputs ${show derivation.outputs}, and the argument `outputs` says ${show outputs}"
        else derivation;
    in
    { type = "derivation"; inherit outputs; meta = args.meta or checked.meta; }
    // lib.genAttrs [ "outPath" "outputName" "drvPath" "name" "system" ] (name: checked.${name})
    // lib.genAttrs outputs (output: checked.${output})
    // passthru;
  optionalDrvAttr = condition: value: if condition then value else null;
  # Warns when the package is built, and not when somebody only reads what it says of itself.
  warnOnInstantiate = message: package:
    package
    // builtins.mapAttrs (_: lib.warn message) (removeAttrs package [ "meta" "name" "type" "outputName" ])
    // lib.optionalAttrs (builtins.isFunction (package.overrideAttrs or null)) {
      overrideAttrs = f: warnOnInstantiate message (package.overrideAttrs f);
    };
}
