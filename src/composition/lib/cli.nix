# Command lines from attribute sets.
lib:
rec {
  toGNUCommandLine =
    { mkOptionName ? name: if builtins.stringLength name == 1 then "-${name}" else "--${name}"
    , mkBool ? name: value: lib.optional value (mkOptionName name)
    , mkList ? name: builtins.concatMap (value: mkOption name value)
    , mkOption ? name: value: if value == null then [ ]
        else if optionValueSeparator == null then [ (mkOptionName name) (lib.generators.mkValueStringDefault { } value) ]
        else [ "${mkOptionName name}${optionValueSeparator}${lib.generators.mkValueStringDefault { } value}" ]
    , optionValueSeparator ? null
    }: options:
    let
      render = name: value:
        if builtins.isBool value then mkBool name value
        else if builtins.isList value then mkList name value
        else mkOption name value;
    in builtins.concatLists (lib.mapAttrsToList render options);
  toGNUCommandLineShell = how: options: lib.escapeShellArgs (toGNUCommandLine how options);
}
