# Command lines from attribute sets.
lib:
let
  inherit (builtins) concatLists concatMap isBool isList stringLength;

  show = lib.generators.mkValueStringDefault { };
  old = name: lib.warn "lib.cli.${name} is deprecated: use lib.cli.toCommandLineGNU or lib.cli.toCommandLineShellGNU";
in
rec {
  # `format name` says how an option is written: its text, what stands before a value (null: the value is a word of its
  # own), whether true and false are values too.
  toCommandLine = format: options:
    let
      render = { option, sep, explicitBool, formatArg ? show }: value:
        if value == null || (!explicitBool && value == false) then [ ]
        else if !explicitBool && value == true then [ option ]
        else if sep == null then [ option (formatArg value) ]
        else [ "${option}${sep}${formatArg value}" ];
      words = name: value:
        if name == "" then throw "lib.cli.toCommandLine: an option has no name"
        else if isList value then concatMap (render (format name)) value
        else render (format name) value;
    in
    concatLists (lib.mapAttrsToList words options);
  toCommandLineShell = format: options: lib.escapeShellArgs (toCommandLine format options);
  toCommandLineGNU = { isLong ? name: stringLength name > 1, explicitBool ? false, formatArg ? show }: toCommandLine
    (name: {
      option = if isLong name then "--${name}" else "-${name}";
      sep = if isLong name then "=" else "";
      inherit explicitBool formatArg;
    });
  toCommandLineShellGNU = how: options: lib.escapeShellArgs (toCommandLineGNU how options);

  toGNUCommandLine = old "toGNUCommandLine" (
    { mkOptionName ? name: if stringLength name == 1 then "-${name}" else "--${name}"
    , mkBool ? name: value: lib.optional value (mkOptionName name)
    , mkList ? name: concatMap (mkOption name)
    , mkOption ? name: value:
        if value == null then [ ]
        else if optionValueSeparator == null then [ (mkOptionName name) (show value) ]
        else [ "${mkOptionName name}${optionValueSeparator}${show value}" ]
    , optionValueSeparator ? null
    }: options: concatLists (lib.mapAttrsToList
      (name: value: (if isBool value then mkBool else if isList value then mkList else mkOption) name value)
      options)
  );
  toGNUCommandLineShell = old "toGNUCommandLineShell" (how: options: lib.escapeShellArgs (toGNUCommandLine how options));
}
