# Names: of packages, files, features; in the spellings that programs want.
lib:
let
  inherit (builtins) head isBool isString length match substring stringLength typeOf;

  stringOnly = name: text:
    lib.throwIfNot (isString text) "lib.strings.${name} takes strings, and this is a ${typeOf text}";
  isLower = c: match "[a-z]" c != null;
  isUpper = c: match "[A-Z]" c != null;
  cmakeTypes = [ "BOOL" "FILEPATH" "PATH" "STRING" "INTERNAL" "LIST" ];
in
rec {
  toSentenceCase = text: stringOnly "toSentenceCase" text
    (lib.addContextFrom text (lib.toUpper (substring 0 1 text) + lib.toLower (substring 1 (-1) text)));
  toCamelCase = text: stringOnly "toCamelCase" text (
    let
      words = lib.splitStringBy (_: c: builtins.elem c [ "-" "_" " " ]) false text;
      parts = builtins.concatMap (lib.splitStringBy (before: c: isLower before && isUpper c) true) words;
    in
    lib.addContextFrom text (lib.toLower (head parts) + lib.concatMapStrings toSentenceCase (builtins.tail parts))
  );
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;

  getName = x: if isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  nameFromURL = url: separator:
    let
      file = lib.last (lib.splitString "/" url);
      name = head (lib.splitString separator file);
    in
    assert name != file;
    name;
  # As names in the store may be, and as long.
  sanitizeDerivationName = text:
    let
      plain = builtins.unsafeDiscardStringContext text;
      visible = head (match "\\.*(.*)" plain);
      parts = builtins.split "[^[:alnum:]+._?=-]+" visible;
      name = lib.concatMapStrings (part: if builtins.isList part then "-" else part) parts;
      end = substring (lib.max (stringLength name - 207) 0) (-1) name;
    in
    if stringLength text <= 207 && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" text != null then plain
    else if end == "" then "unknown"
    else end;

  enableFeature = condition: feature:
    assert isBool condition && isString feature;
    "--${if condition then "enable" else "disable"}-${feature}";
  enableFeatureAs = condition: feature: value: enableFeature condition feature + lib.optionalString condition "=${value}";
  withFeature = condition: feature:
    assert isString feature;
    "--${if condition then "with" else "without"}-${feature}";
  withFeatureAs = condition: feature: value: withFeature condition feature + lib.optionalString condition "=${value}";
  cmakeOptionType = type: feature: value:
    assert builtins.elem (lib.toUpper type) cmakeTypes && isString feature && isString value;
    "-D${feature}:${lib.toUpper type}=${value}";
  cmakeBool = feature: flag:
    assert isString feature && isBool flag;
    cmakeOptionType "bool" feature (lib.toUpper (lib.boolToString flag));
  cmakeFeature = feature: value:
    assert isString feature && isString value;
    cmakeOptionType "string" feature value;
  mesonOption = feature: value:
    assert isString feature && isString value;
    "-D${feature}=${value}";
  mesonBool = feature: flag:
    assert isString feature && isBool flag;
    mesonOption feature (lib.boolToString flag);
  mesonEnable = feature: flag:
    assert isString feature && isBool flag;
    mesonOption feature (if flag then "enabled" else "disabled");
}
