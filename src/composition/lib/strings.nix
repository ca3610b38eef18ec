# Strings.
lib:
let
  inherit (builtins) stringLength substring concatStringsSep replaceStrings;
  lower = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upper = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  printable = lib.stringToCharacters " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  codes = builtins.listToAttrs (lib.imap0 (i: name: { inherit name; value = 32 + i; }) printable)
    // { "\t" = 9; "\n" = 10; "\r" = 13; };
  urlReserved = builtins.filter (c: builtins.match "[A-Za-z0-9._~-]" c == null) (builtins.attrNames codes);
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
  lowerChars = lower;
  upperChars = upper;
  charToInt = c: codes.${c} or (throw "lib.strings.charToInt: ${builtins.toJSON c} is no printable character of ASCII");
  toCamelCase = text:
    let
      words = builtins.filter (part: builtins.isString part && part != "") (builtins.split "[-_ ]+" text);
      begun = i: if i == 0 then toLower else toUpper;
    in concatImapStrings (i: word: begun (i - 1) (substring 0 1 word) + substring 1 (-1) word) words;
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
  commonSuffixLength = a: b:
    let
      m = stringLength a;
      n = stringLength b;
      go = i: if i >= lib.min m n || substring (m - i - 1) 1 a != substring (n - i - 1) 1 b then i else go (i + 1);
    in go 0;
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
  # Bytes outside ASCII stay as they are.
  escapeURL = replaceStrings urlReserved (map (c: "%" + fixedWidthString 2 "0" (lib.toHexString (charToInt c))) urlReserved);
  escapeNixIdentifier = name: if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null then name else escapeNixString name;
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

  toInt = readInt { padded = false; };
  toIntBase10 = readInt { padded = true; };
  readInt = { padded }: text:
    let found = builtins.match "[ \t]*(-?)0*([0-9]+)[ \t]*" text; in
    if found == null then throw "lib.toInt: \"${text}\" is not a whole number"
    else if !padded && builtins.match "[ \t]*0[0-9]+[ \t]*" text != null then
      throw "lib.toInt: \"${text}\" may be padded or octal; lib.toIntBase10 takes it as padded"
    else let n = builtins.fromJSON (builtins.elemAt found 1); in if builtins.head found == "-" then -n else n;
  floatToString = toString;

  makeSearchPath = folder: packages: concatMapStringsSep ":" (package: "${package}/${folder}") (builtins.filter (p: p != null) packages);
  makeSearchPathOutput = output: folder: packages: makeSearchPath folder (map (lib.getOutput output) packages);
  makeBinPath = makeSearchPathOutput "bin" "bin";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  getName = x: if builtins.isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if builtins.isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  nameFromURL = url: separator: builtins.head (splitString separator (lib.last (splitString "/" url)));
  sanitizeDerivationName = text:
    let
      visible = builtins.head (builtins.match "\\.*(.*)" (builtins.unsafeDiscardStringContext text));
      parts = builtins.split "[^[:alnum:]+._?=-]+" visible;
      name = concatMapStrings (part: if builtins.isList part then "-" else part) parts;
      # As long as names in the store may be.
      end = substring (lib.max (stringLength name - 207) 0) (-1) name;
    in if end == "" then "unknown" else end;
  fileContents = file: removeSuffix "\n" (builtins.readFile file);
  enableFeature = condition: feature: "--${if condition then "enable" else "disable"}-${feature}";
  enableFeatureAs = condition: feature: value: enableFeature condition feature + optionalString condition "=${value}";
  withFeature = condition: feature: "--with${optionalString (!condition) "out"}-${feature}";
  withFeatureAs = condition: feature: value: withFeature condition feature + optionalString condition "=${value}";
  isStringLike = x: builtins.isString x || builtins.isPath x || (builtins.isAttrs x && (x ? outPath || x ? __toString));
  isConvertibleWithToString = x: isStringLike x || builtins.elem (builtins.typeOf x) [ "int" "float" "bool" "null" ];
  isStorePath = x: isStringLike x && hasPrefix builtins.storeDir (toString x);
  versionOlder = a: b: builtins.compareVersions b a > 0;
  versionAtLeast = a: b: !versionOlder a b;
}
