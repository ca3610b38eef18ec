# Functions, numbers, files of data.
lib:
let
  inherit (builtins) isInt toJSON;

  digits = "0123456789ABCDEF";
  supported = 2511;
in
rec {
  inherit (builtins) pathExists readFile isBool isInt isFloat add sub mul div lessThan seq deepSeq genericClosure bitAnd bitOr bitXor ceil floor;

  id = x: x;
  const = x: _: x;
  pipe = builtins.foldl' (value: f: f value);
  flip = f: a: b: f b a;
  defaultTo = fallback: value: if value == null then fallback else value;
  mapNullable = f: value: if value == null then null else f value;

  concat = a: b: a ++ b;
  mergeAttrs = a: b: a // b;
  and = a: b: a && b;
  "or" = a: b: a || b;
  xor = a: b: !a != !b;
  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";

  min = a: b: if a < b then a else b;
  max = a: b: if a > b then a else b;
  mod = a: b: a - b * (a / b);
  bitNot = n: -1 - n;
  compare = a: b: if a < b then -1 else if a > b then 1 else 0;
  # What has the property comes before what has not.
  splitByAndCompare = has: yes: no: a: b:
    if has a then (if has b then yes a b else -1) else if has b then 1 else no a b;

  toBaseDigits = base: n:
    let go = m: if m < base then [ m ] else go (m / base) ++ [ (mod m base) ]; in
    assert isInt base && isInt n && base >= 2 && n >= 0;
    go n;
  toHexString = n: lib.concatMapStrings (d: builtins.substring d 1 digits) (toBaseDigits 16 n);
  fromHexString = text:
    let
      found = builtins.match "(0x)?([0-7]?[0-9A-Fa-f]{1,15})" text;
      read = hex: (builtins.fromTOML "n = 0x${hex}").n;
    in
    if found != null then read (builtins.elemAt found 1)
    else warn "lib.fromHexString: ${toJSON text} is no hexadecimal number of 63 bits; it will be refused"
      (read (lib.removePrefix "0x" (lib.toLower text)));

  # What a function of a pattern takes: a set with __functor may say it, too.
  functionArgs = f: if f ? __functor then f.__functionArgs or (builtins.functionArgs (f.__functor f)) else builtins.functionArgs f;
  setFunctionArgs = f: args: { __functor = _: f; __functionArgs = args; };
  mirrorFunctionArgs = f: let args = functionArgs f; in g: setFunctionArgs g args;
  isFunction = f: builtins.isFunction f || (f ? __functor && builtins.isFunction (f.__functor f));
  toFunction = value: if isFunction value then value else _: value;

  importJSON = path: builtins.fromJSON (builtins.readFile path);
  importTOML = path: builtins.fromTOML (builtins.readFile path);

  warn = builtins.warn or (message: value:
    assert builtins.isString message; builtins.trace "evaluation warning: ${message}" value);
  warnIf = condition: message: if condition then warn message else id;
  warnIfNot = condition: message: if condition then id else warn message;
  throwIf = condition: message: if condition then throw message else id;
  throwIfNot = condition: message: if condition then id else throw message;
  info = message: builtins.trace "INFO: ${message}";
  showWarnings = messages: value: lib.foldr warn value messages;
  checkListOfEnum = what: valid: given:
    let
      unknown = lib.subtractLists valid given;
      show = builtins.concatStringsSep ", ";
    in
    throwIf (unknown != [ ]) "${what}: ${show (map toString unknown)} unexpected; valid ones: ${show (map toString valid)}";

  # Of the nixpkgs whose lib this follows.
  release = "26.11";
  versionSuffix = "pre-git";
  version = release + versionSuffix;
  codeName = "Zokor";
  oldestSupportedRelease = supported;
  oldestSupportedReleaseIsAtLeast = wanted: wanted <= supported;
  isInOldestRelease =
    warn "lib.isInOldestRelease is deprecated: use lib.oldestSupportedReleaseIsAtLeast" oldestSupportedReleaseIsAtLeast;
  nixpkgsVersion = warn "lib.nixpkgsVersion is deprecated: use lib.version" version;
  revisionWithDefault = default: default;
  inNixShell = builtins.getEnv "IN_NIX_SHELL" != "";
  inPureEvalMode = !(builtins ? currentSystem);
}
