# Values as Nix writes them, to be read by people.
lib:
{ allowPrettyValues ? false, multiline ? true, indent ? "" }:
let
  inherit (builtins) concatStringsSep isAttrs isFloat isInt isList isPath isString replaceStrings;

  linesOf = text: builtins.filter isString (builtins.split "\n" text);
  inOneLine = lines: "\"${lib.concatMapStringsSep "\\n" (lib.escape [ "\\" "\"" "\${" ]) lines}\"";

  go = indent: value:
    let
      open = if multiline then "\n${indent}  " else " ";
      close = if multiline then "\n${indent}" else " ";
      inner = go (indent + "  ");
      around = left: items: right: "${left}${open}${concatStringsSep open items}${close}${right}";

      lines = linesOf value;
      overLines =
        let
          shown = map (replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) lines;
          last = lib.last shown;
        in
        "''${open}${concatStringsSep open (lib.init shown)}${if last == "" then close else open + last}''";

      arguments = lib.mapAttrsToList (name: optional: if optional then "${name}?" else name) (lib.functionArgs value);
      attribute = name: x:
        "${lib.strings.escapeNixIdentifier name} = ${builtins.addErrorContext "while showing the attribute '${name}'" (inner x)};";
    in
    if isInt value then toString value
    else if isFloat value then builtins.toJSON value
    else if isString value then (if multiline && builtins.length lines > 1 then overLines else inOneLine lines)
    else if value == true then "true"
    else if value == false then "false"
    else if value == null then "null"
    else if isPath value then toString value
    else if isList value then (if value == [ ] then "[ ]" else around "[" (map inner value) "]")
    else if lib.isFunction value then
      (if arguments == [ ] then "<function>" else "<function, args: {${concatStringsSep ", " arguments}}>")
    else if allowPrettyValues && value ? __pretty && value ? val then value.__pretty value.val
    else if value == { } then "{ }"
    else if value.type or null == "derivation" then "<derivation ${value.name or "???"}>"
    else around "{" (lib.mapAttrsToList attribute value) "}";
in
go indent
