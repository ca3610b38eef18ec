# Strings.
lib:
let
  inherit (builtins) concatStringsSep elemAt genList head isPath isString length match replaceStrings split stringLength substring;

  characters = text: genList (i: substring i 1 text) (stringLength text);
  lower = characters "abcdefghijklmnopqrstuvwxyz";
  upper = characters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  blank = " \t\r\n";
  # A path stands for its copy in the store, so the function says nothing about the path that was meant.
  warnOfPath = name: x: lib.warnIf (isPath x) "lib.strings.${name}: ${toString x} is a path, and only strings are supported";
in
{
  inherit (builtins)
    appendContext compareVersions elem elemAt filter fromJSON genList head isAttrs isInt isList isPath isString match
    parseDrvName readFile replaceStrings split storeDir stringLength substring tail toJSON typeOf unsafeDiscardStringContext
    concatStringsSep;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStringsSep "" (map f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatImapStrings = f: list: concatStringsSep "" (lib.imap1 f list);
  concatImapStringsSep = separator: f: list: concatStringsSep separator (lib.imap1 f list);
  concatMapAttrsStringSep = separator: f: set: concatStringsSep separator (lib.mapAttrsToList f set);
  concatLines = lines: if lines == [ ] then "" else concatStringsSep "\n" lines + "\n";
  intersperse = separator: list:
    if length list < 2 then list else builtins.tail (builtins.concatMap (x: [ separator x ]) list);
  join = concatStringsSep;
  replicate = n: text: concatStringsSep "" (lib.lists.replicate n text);
  replaceString = from: to: replaceStrings [ from ] [ to ];

  optionalString = condition: text: if condition then text else "";
  stringToCharacters = characters;
  stringAsChars = f: text: lib.concatMapStrings f (characters text);
  lowerChars = lower;
  upperChars = upper;
  toUpper = replaceStrings lower upper;
  toLower = replaceStrings upper lower;
  addContextFrom = source: text: substring 0 0 source + text;

  hasPrefix = prefix: text: warnOfPath "hasPrefix" prefix (substring 0 (stringLength prefix) text == prefix);
  hasSuffix = suffix: text:
    let n = stringLength text; m = stringLength suffix; in
    warnOfPath "hasSuffix" suffix (n >= m && substring (n - m) n text == suffix);
  hasInfix = infix: text: warnOfPath "hasInfix" infix (match ".*${lib.escapeRegex infix}.*" "${text}" != null);
  removePrefix = prefix: text:
    let n = stringLength prefix; in
    warnOfPath "removePrefix" prefix (if substring 0 n text == prefix then substring n (-1) text else text);
  removeSuffix = suffix: text:
    let rest = stringLength text - stringLength suffix; in
    warnOfPath "removeSuffix" suffix
      (if rest >= 0 && substring rest (-1) text == suffix then substring 0 rest text else text);
  normalizePath = text: warnOfPath "normalizePath" text (lib.foldl'
    (done: c: if c == "/" && lib.hasSuffix "/" done then done else done + c)
    ""
    (characters text));

  trim = lib.strings.trimWith { start = true; end = true; };
  trimWith = { start ? false, end ? false }:
    let
      before = lib.optionalString start "[${blank}]*";
      pattern = before + (if end then "(.*[^${blank}])[${blank}]*" else "(.*)");
    in
    text: let found = match pattern text; in if found == null then "" else head found;
  splitString = separator: text: map (lib.addContextFrom text)
    (builtins.filter isString (split (lib.escapeRegex (toString separator)) (toString text)));
  # Splits where `splits previous character` holds; the character itself begins the next part, or goes.
  splitStringBy = splits: keep: text:
    let
      all = characters text;
      parts = lib.foldl'
        ({ before, part, done }: c:
          if splits before c then { before = c; part = if keep then c else ""; done = done ++ [ part ]; }
          else { before = c; part = part + c; inherit done; })
        { before = ""; part = ""; done = [ ]; }
        all;
    in
    map (lib.addContextFrom text) (parts.done ++ [ parts.part ]);
  fixedWidthString = width: filler: text:
    let n = stringLength text; in
    if n > width then throw "lib.strings.fixedWidthString: the text has ${toString n} characters, more than the width of ${toString width}"
    else if n == width then text
    else filler + lib.fixedWidthString (width - stringLength filler) filler text;
  fixedWidthNumber = width: n: lib.fixedWidthString width "0" (toString n);

  versionOlder = a: b: builtins.compareVersions b a == 1;
  versionAtLeast = a: b: !lib.versionOlder a b;
  fileContents = file: lib.removeSuffix "\n" (builtins.readFile file);
}
// import ./strings/escape.nix lib
// import ./strings/names.nix lib
// import ./strings/numbers.nix lib
// import ./strings/shell.nix lib
// import ./strings/distance.nix lib
