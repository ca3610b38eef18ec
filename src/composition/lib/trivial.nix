# Functions, numbers, files of data.
lib:
rec {
  id = x: x;
  const = x: _: x;
  pipe = builtins.foldl' (value: f: f value);
  flip = f: a: b: f b a;
  fix = f: let x = f x; in x;
  extends = overlay: f: final: let previous = f final; in previous // overlay final previous;
  composeExtensions = f: g: final: previous:
    let fApplied = f final previous; in fApplied // g final (previous // fApplied);
  composeManyExtensions = lib.foldr composeExtensions (_: _: { });
  makeExtensible = f: fix f // { extend = overlay: makeExtensible (extends overlay f); };
  mapNullable = f: value: if value == null then null else f value;
  defaultTo = fallback: value: if value == null then fallback else value;
  isFunction = f: builtins.isFunction f || (builtins.isAttrs f && f ? __functor);
  functionArgs = f: if builtins.isAttrs f then f.__functionArgs or (builtins.functionArgs (f.__functor f)) else builtins.functionArgs f;
  setFunctionArgs = f: args: { __functor = _: f; __functionArgs = args; };
  toFunction = value: if isFunction value then value else _: value;

  mirrorFunctionArgs = f: g: setFunctionArgs g (functionArgs f);
  callPackageWith = known: f: args:
    let fn = if isFunction f then f else import f; in
    makeOverridable fn (builtins.intersectAttrs (functionArgs fn) known // args);
  makeOverridable = f: args:
    let result = f args; in
    if builtins.isAttrs result then
      result // { override = new: makeOverridable f (args // (if isFunction new then new args else new)); }
    else result;

  concat = a: b: a ++ b;
  and = a: b: a && b;
  or = a: b: a || b;
  xor = a: b: a != b;
  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";

  min = a: b: if a < b then a else b;
  max = a: b: if a > b then a else b;
  mod = a: b: a - b * (a / b);
  compare = a: b: if a < b then -1 else if a > b then 1 else 0;
  inherit (builtins) add sub mul div lessThan seq deepSeq genericClosure bitAnd bitOr bitXor isBool isInt isFloat isPath pathExists readFile typeOf;

  toBaseDigits = base: n:
    let digits = m: if m < base then [ m ] else digits (m / base) ++ [ (mod m base) ];
    in digits n;
  toHexString = n: lib.concatMapStrings (d: builtins.substring d 1 "0123456789ABCDEF") (toBaseDigits 16 n);

  fromHexString = text: (builtins.fromTOML "n = 0x${lib.removePrefix "0x" text}").n;
  bitNot = n: -1 - n;
  inherit (builtins) ceil floor;
  inPureEvalMode = true;

  importJSON = path: builtins.fromJSON (builtins.readFile path);
  importTOML = path: builtins.fromTOML (builtins.readFile path);

  warn = message: value: builtins.trace "warning: ${message}" value;
  warnIf = condition: message: if condition then warn message else id;
  warnIfNot = condition: warnIf (!condition);
  throwIf = condition: message: if condition then builtins.throw message else id;
  throwIfNot = condition: throwIf (!condition);
  info = message: value: builtins.trace "info: ${message}" value;

  version = "24.11";
  release = version;
}
