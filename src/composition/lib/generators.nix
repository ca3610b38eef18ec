# Texts in formats that programs read.
lib:
rec {
  mkValueStringDefault = { }: value:
    if value == true then "true"
    else if value == false then "false"
    else if value == null then "null"
    else if builtins.isFloat value then builtins.toJSON value
    else if lib.isConvertibleWithToString value then toString value
    else throw "lib.generators: a ${builtins.typeOf value} has no plain text";
  mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: separator: key: value:
    "${lib.escape [ separator ] key}${separator}${mkValueString value}";
  toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }: set:
    let
      lines = key: value:
        map (v: "${indent}${mkKeyValue key v}\n")
          (if listsAsDuplicateKeys && builtins.isList value then value else [ value ]);
    in lib.concatStrings (builtins.concatLists (lib.mapAttrsToList lines set));
  toINI = { mkSectionName ? name: lib.escape [ "[" "]" ] name, mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: sections:
    lib.concatMapAttrsStringSep "\n"
      (name: section: "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } section)
      sections;
  toINIWithGlobalSection = how: { globalSection, sections ? { } }:
    (if globalSection == { } then "" else toKeyValue (removeAttrs how [ "mkSectionName" ]) globalSection + "\n") + toINI how sections;
  toGitINI = sections:
    let
      quoted = text: "\"${lib.replaceStrings [ "\n" "\t" "\"" "\\" ] [ "\\n" "\\t" "\\\"" "\\\\" ] text}\"";
      mkValueString = value: if builtins.isString value then quoted value else mkValueStringDefault { } value;
      lines = key: value:
        if builtins.isList value then lib.concatMapStringsSep "\n" (lines key) value
        else "\t" + mkKeyValueDefault { inherit mkValueString; } " = " key value;
      # { a.b.c = 1; } is c = 1 of the section a "b".
      leaves = lib.mapAttrsToListRecursiveCond (_: value: !lib.isDerivation value)
        (path: value: { ${builtins.concatStringsSep "." (lib.init path)}.${lib.last path} = value; })
        sections;
      mkSectionName = name:
        let parts = lib.splitString "." name; in
        if builtins.length parts == 1 || lib.hasInfix "\"" name then name
        else "${builtins.head parts} \"${builtins.concatStringsSep "." (builtins.tail parts)}\"";
    in toINI { inherit mkSectionName; mkKeyValue = lines; } (builtins.foldl' lib.recursiveUpdate { } leaves);
  toJSON = _: builtins.toJSON;
  # JSON is YAML too.
  toYAML = _: builtins.toJSON;
  toPretty = { multiline ? true, indent ? "", allowPrettyValues ? false }: value:
    let
      deeper = indent + (if multiline then "  " else "");
      gap = if multiline then "\n" else " ";
      show = toPretty { inherit multiline; indent = deeper; };
    in
    if builtins.isList value then
      (if value == [ ] then "[ ]" else "[${gap}${lib.concatMapStringsSep gap (x: deeper + show x) value}${gap}${indent}]")
    else if builtins.isAttrs value && !lib.isDerivation value then
      (if value == { } then "{ }" else "{${gap}${lib.concatMapAttrsStringSep gap (k: v: "${deeper}${k} = ${show v};") value}${gap}${indent}}")
    else if lib.isDerivation value then "<derivation ${value.name}>"
    else if builtins.isFunction value then "<function>"
    else if builtins.isString value && multiline && lib.hasInfix "\n" value then
      let
        escaped = lib.replaceStrings [ "''" "\${" ] [ "'''" "''\${" ] value;
        lines = map (line: deeper + line) (lib.splitString "\n" escaped);
      in "''${gap}${builtins.concatStringsSep gap lines}''"
    else if builtins.isString value then lib.escapeNixString value
    else mkValueStringDefault { } value;
  toLua = { }: value:
    if value == null then "nil"
    else if builtins.isList value then "{ ${lib.concatMapStringsSep ", " (toLua { }) value} }"
    else if builtins.isAttrs value then "{ ${lib.concatMapAttrsStringSep ", " (k: v: "[${builtins.toJSON k}] = ${toLua { } v}") value} }"
    else builtins.toJSON value;
}
