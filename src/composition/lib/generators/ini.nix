# Keys with values, one a line; sections of them: INI, Git's configuration, dconf.
lib:
let
  inherit (builtins) attrNames concatLists concatMap concatStringsSep head isAttrs isFloat isInt isList isString length tail;

  isGroup = value: isAttrs value && !lib.isDerivation value;
in
rec {
  mkValueStringDefault = { }: value:
    let refuse = what: abort "lib.generators.mkValueStringDefault: ${what} have no plain text: ${lib.generators.toPretty { } value}"; in
    if isInt value || lib.isDerivation value then toString value
    else if isString value then value
    else if value == true then "true"
    else if value == false then "false"
    else if value == null then "null"
    else if isList value then refuse "lists"
    else if isAttrs value then refuse "sets"
    else if lib.isFunction value then refuse "functions"
    else if isFloat value then lib.strings.floatToString value
    else refuse "values of the type ${builtins.typeOf value}";
  mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: separator: key: value:
    "${lib.escape [ separator ] key}${separator}${mkValueString value}";

  toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }:
    let
      line = key: value: "${indent}${mkKeyValue key value}\n";
      lines = key: value: map (line key) (if listsAsDuplicateKeys then lib.toList value else [ value ]);
    in
    set: lib.concatStrings (concatLists (lib.mapAttrsToList lines set));
  toINI = { mkSectionName ? name: lib.escape [ "[" "]" ] name, mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }:
    lib.concatMapAttrsStringSep "\n"
      (name: section: "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } section);
  toINIWithGlobalSection =
    { mkSectionName ? name: lib.escape [ "[" "]" ] name, mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }:
    { globalSection, sections ? { } }:
    lib.optionalString (globalSection != { }) (toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n")
    + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;

  # A set inside a section is a section of two names: { a.b.c = 1; } is c = 1 of [a "b"].
  toGitINI =
    let
      quoted = text: "\"${lib.replaceStrings [ "\n" "\t" "\"" "\\" ] [ "\\n" "\\t" "\\\"" "\\\\" ] text}\"";
      mkValueString = value: mkValueStringDefault { } (if isString value then quoted value else value);
      line = key: value: "\t" + mkKeyValueDefault { inherit mkValueString; } " = " key value;
      mkKeyValue = key: value: concatStringsSep "\n" (map (line key) (if isList value then value else [ value ]));
      mkSectionName = name:
        let parts = lib.splitString "." name; in
        if length parts == 1 || lib.hasInfix "\"" name then name
        else "${head parts} \"${concatStringsSep "." (tail parts)}\"";
      leaves = path: value:
        if isGroup value then concatMap (name: leaves (path ++ [ name ]) value.${name}) (attrNames value)
        else if length path == 1 then [ { ${head path} = value; } ]
        else [ { ${concatStringsSep "." (lib.init path)}.${lib.last path} = value; } ];
      nested = lib.filterAttrs (_: section: isAttrs section && lib.any isGroup (builtins.attrValues section));
    in
    sections:
    let deep = nested sections; in
    toINI { inherit mkSectionName mkKeyValue; }
      (removeAttrs sections (attrNames deep) // lib.foldl lib.recursiveUpdate { } (leaves [ ] deep));

  mkDconfKeyValue = mkKeyValueDefault { mkValueString = value: toString (lib.gvariant.mkValue value); } "=";
  toDconfINI = toINI { mkKeyValue = mkDconfKeyValue; };
}
