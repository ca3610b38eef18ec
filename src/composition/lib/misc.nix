# Functions that nixpkgs keeps for old code.
lib:
let
  inherit (builtins) attrNames elem head isAttrs isList listToAttrs tail;

  propagated = package: (package.propagatedBuildInputs or [ ]) ++ (package.propagatedNativeBuildInputs or [ ]);
  zeros = n: lib.strings.replicate n "0";
in
rec {
  fakeHash = "sha256-${lib.strings.replicate 43 "A"}=";
  fakeSha256 = zeros 64;
  fakeSha512 = zeros 128;
  imap = lib.imap1;
  maybeEnv = name: default: let value = builtins.getEnv name; in if value == "" then default else value;

  defaultMergeArg = x: y: if isAttrs y then y else y x;
  defaultMerge = x: y: x // defaultMergeArg x y;
  foldArgs = merge: f: start: x:
    let
      args = merge start (defaultMergeArg start x);
      base = setAttrMerge "passthru" { } (f args) (passthru: passthru // {
        function = foldArgs merge f args;
        args = lib.attrByPath [ "passthru" "args" ] { } passthru // x;
      });
    in
    base // { override = base.passthru.function; };
  maybeAttr = name: default: set: set.${name} or default;
  maybeAttrNullable = maybeAttr;
  ifEnable = condition: value:
    if condition then value
    else if isList value then [ ]
    else if isAttrs value then { }
    else if builtins.isBool value then false
    else null;
  checkFlag = set: name:
    if name == "true" then true
    else if name == "false" then false
    else elem name (set.flags or [ ]) || set.${name} or false;
  getValue = set: args: name: set.${name} or (
    if checkFlag set name then true
    else if args == [ ] then null
    else if head (head args) == name then head (tail (head args))
    else getValue set (tail args) name);
  checkReqs = set: args: lib.all (condition:
    let given = name: !elem (getValue set args name) [ null false ]; in
    !checkFlag set (head condition) || lib.all given (tail condition));

  # Items of `inputList` that were not met before, `acc` included.
  uniqList = { inputList, acc ? [ ] }:
    (lib.foldl'
      ({ found, seen }: x: if elem x seen then { inherit found seen; } else { found = found ++ [ x ]; seen = [ x ] ++ seen; })
      { found = [ ]; seen = acc; }
      inputList).found;
  uniqListExt = { inputList, outputList ? [ ], getter ? x: x, compare ? x: y: x == y }:
    lib.foldl (out: x: if lib.any (y: compare (getter y) (getter x)) out then out else out ++ [ x ]) outputList inputList;
  condConcat = name: list: checker:
    if list == [ ] then name
    else condConcat (if checker (head list) then name + head (tail list) else name) (tail (tail list)) checker;
  lazyGenericClosure = { startSet, operator }:
    let
      go = list: seen: result:
        if list == [ ] then result
        else
          let x = head list; in
          if elem x.key seen then go (tail list) seen result
          else go (tail list ++ operator x) ([ x.key ] ++ seen) ([ x ] ++ result);
    in
    go startSet [ ] [ ];
  innerModifySumArgs = f: x: a: b: if b == null then f a b // x else innerModifySumArgs f x (a // b);
  modifySumArgs = f: x: innerModifySumArgs f x { };

  innerClosePropagation = acc: list:
    if list == [ ] then acc
    else if !isAttrs (head list) then innerClosePropagation acc (tail list)
    else
      let seen = [ (head list) ] ++ acc; in
      innerClosePropagation seen (uniqList { inputList = propagated (head list) ++ tail list; acc = seen; });
  closePropagationSlow = list: uniqList { inputList = innerClosePropagation [ ] list; };
  closePropagationFast = list:
    let items = packages: map (package: { key = package.outPath; val = package; }) (builtins.filter (x: x != null) packages); in
    map ({ val, ... }: val) (builtins.genericClosure {
      startSet = items list;
      operator = { val, ... }: if isAttrs val then items (propagated val) else [ ];
    });
  closePropagation = closePropagationFast;

  nvs = name: value: { ${name} = value; };
  setAttr = set: name: value: set // { ${name} = value; };
  setAttrMerge = name: default: set: f: setAttr set name (f (maybeAttr name default set));
  # What only the second set has, nixpkgs merges with itself.
  mergeAttrsWithFunc = f: a: b: a // builtins.mapAttrs (name: x: f (a.${name} or x) x) b;
  mergeAttrsConcatenateValues = mergeAttrsWithFunc (a: b: lib.toList a ++ lib.toList b);
  mergeAttrsNoOverride = { mergeLists ? [ "buildInputs" "propagatedBuildInputs" ], overrideSnd ? [ "buildPhase" ] }: a: b:
    a // builtins.mapAttrs
      (name: x:
        if !(a ? ${name}) then x
        else if elem name mergeLists then x ++ a.${name}
        else if elem name overrideSnd then a.${name}
        else throw "lib.mergeAttrsNoOverride: both sets have ${name}, and nothing says how to merge it")
      b;
  # Sets may say in mergeAttrBy how their attributes are merged.
  mergeAttrByFunc = x: y:
    let
      by = { mergeAttrBy = lib.mergeAttrs; } // x.mergeAttrBy or { } // y.mergeAttrBy or { };
      merged = name: f: if !(x ? ${name}) then y.${name} else if !(y ? ${name}) then x.${name} else f x.${name} y.${name};
    in
    x // y // builtins.mapAttrs merged (lib.filterAttrs (name: _: x ? ${name} || y ? ${name}) by);
  mergeAttrsByFuncDefaults = lib.foldl mergeAttrByFunc { inherit mergeAttrBy; };
  mergeAttrsByFuncDefaultsClean = list: removeAttrs (mergeAttrsByFuncDefaults list) [ "mergeAttrBy" ];
  mergeAttrBy =
    let each = f: names: lib.genAttrs names (_: f); in
    each lib.concat [ "nativeBuildInputs" "buildInputs" "propagatedBuildInputs" "configureFlags" "prePhases" "postAll" "patches" ]
    // each lib.mergeAttrs [ "passthru" "meta" "cfg" "flags" ]
    // each (a: b: "${a}\n${b}") [ "preConfigure" "postInstall" ];
  nixType = x:
    if isAttrs x then (if x ? outPath then "derivation" else "attrs")
    else if lib.isFunction x then "function"
    else if isList x then "list"
    else if builtins.isBool x then "bool"
    else if x == null then "null"
    else if builtins.isInt x then "int"
    else "string";
}
