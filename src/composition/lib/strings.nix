# Strings.
lib:
let
  inherit (builtins) stringLength substring concatStringsSep replaceStrings;
  lower = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upper = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  # Regular expressions of builtins.match are POSIX extended.
  special = lib.stringToCharacters "\\[{()^$?*+|.";
in
rec {
  inherit (builtins) stringLength substring concatStringsSep replaceStrings toJSON fromJSON toString isString match split compareVersions unsafeDiscardStringContext hashString;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatImapStrings = f: list: concatStrings (lib.imap1 f list);
  concatImapStringsSep = separator: f: list: concatStringsSep separator (lib.imap1 f list);
  concatMapAttrsStringSep = separator: f: set: concatStringsSep separator (lib.mapAttrsToList f set);
  concatLines = concatMapStrings (line: line + "\n");
  intersperse = separator: list:
    if list == [ ] then [ ] else [ (builtins.head list) ] ++ builtins.concatMap (x: [ separator x ]) (builtins.tail list);
  join = concatStringsSep;
  replicate = n: text: concatStrings (lib.lists.replicate n text);

  optionalString = condition: text: if condition then text else "";
  stringToCharacters = text: builtins.genList (i: substring i 1 text) (stringLength text);
  stringAsChars = f: text: concatMapStrings f (stringToCharacters text);
  toUpper = replaceStrings lower upper;
  toLower = replaceStrings upper lower;
  toSentenceCase = text: toUpper (substring 0 1 text) + toLower (substring 1 (stringLength text) text);

  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix = suffix: text:
    let n = stringLength text; m = stringLength suffix; in n >= m && substring (n - m) m text == suffix;
  hasInfix = infix: text: builtins.length (builtins.split (escapeRegex infix) text) > 1;
  removePrefix = prefix: text:
    if hasPrefix prefix text then substring (stringLength prefix) (stringLength text) text else text;
  removeSuffix = suffix: text:
    if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  trim = trimWith { start = true; end = true; };
  trimWith = { start ? false, end ? false }: text:
    let
      strip = pattern: t: let found = builtins.match pattern t; in if found == null then t else builtins.head found;
      left = if start then strip "[ \t\r\n]*(.*)" text else text;
    in if end then (let found = builtins.match "(.*[^ \t\r\n])[ \t\r\n]*" left; in if found == null then (if builtins.match "[ \t\r\n]*" left == null then left else "") else builtins.head found) else left;
  splitString = separator: text: builtins.filter builtins.isString (builtins.split (escapeRegex separator) text);
  fixedWidthString = width: filler: text:
    let n = width - stringLength text; in
    if n < 0 then throw "lib.fixedWidthString: \"${text}\" is longer than ${toString width}"
    else if n == 0 then text
    else filler + fixedWidthString (width - stringLength filler) filler text;
  fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
  commonPrefixLength = a: b:
    let
      n = lib.min (stringLength a) (stringLength b);
      go = i: if i >= n || substring i 1 a != substring i 1 b then i else go (i + 1);
    in go 0;

  escape = characters: replaceStrings characters (map (c: "\\${c}") characters);
  escapeRegex = escape special;
  escapeShellArg = value:
    let text = toString value; in
    if builtins.match "[[:alnum:],._+:@%/-]+" text == null then "'${replaceStrings [ "'" ] [ "'\\''" ] text}'" else text;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  escapeNixString = text: escape [ "$" ] (builtins.toJSON text);
  escapeSystemdExecArg = arg:
    replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON (if builtins.isPath arg then "${arg}" else toString arg));
  escapeSystemdExecArgs = concatMapStringsSep " " escapeSystemdExecArg;
  isValidPosixName = name: builtins.match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar = name: value:
    if lib.isAttrs value && !lib.isDerivation value then
      "declare -A ${name}=(${concatStringsSep " " (lib.mapAttrsToList (k: v: "[${escapeShellArg k}]=${escapeShellArg v}") value)})"
    else if lib.isList value then "declare -a ${name}=(${escapeShellArgs value})"
    else "${name}=${escapeShellArg value}";
  toShellVars = set: concatStringsSep "\n" (lib.mapAttrsToList toShellVar set);

  toInt = text:
    let found = builtins.match "[ \t]*(-?)0*([0-9]+)[ \t]*" text; in
    if found == null then throw "lib.toInt: \"${text}\" is not a whole number"
    else let n = builtins.fromJSON (builtins.elemAt found 1); in if builtins.head found == "-" then -n else n;
  toIntBase10 = toInt;
  floatToString = f: builtins.toJSON f;

  makeSearchPath = folder: packages: concatMapStringsSep ":" (package: "${package}/${folder}") (builtins.filter (p: p != null) packages);
  makeSearchPathOutput = output: folder: packages: makeSearchPath folder (map (lib.getOutput output) packages);
  makeBinPath = makeSearchPathOutput "bin" "bin";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  getName = x: if builtins.isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if builtins.isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  nameFromURL = url: separator: builtins.head (splitString separator (lib.last (splitString "/" url)));
  sanitizeDerivationName = text: replaceStrings [ " " "/" "@" ] [ "-" "-" "-" ] text;
  isStringLike = x: builtins.isString x || builtins.isPath x || (builtins.isAttrs x && (x ? outPath || x ? __toString));
  isConvertibleWithToString = x: isStringLike x || builtins.elem (builtins.typeOf x) [ "int" "float" "bool" "null" ];
  isStorePath = x: isStringLike x && hasPrefix builtins.storeDir (toString x);
  versionOlder = a: b: builtins.compareVersions b a > 0;
  versionAtLeast = a: b: !versionOlder a b;
}
