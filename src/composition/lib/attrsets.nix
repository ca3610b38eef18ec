# Attribute sets.
lib:
let
  inherit (builtins) attrNames attrValues elemAt foldl' head isAttrs length listToAttrs mapAttrs;

  # The set or value that the path leads to, and how far it leads.
  walk = path: set:
    let
      end = length path;
      go = i: value:
        if i < end && value ? ${elemAt path i} then go (i + 1) value.${elemAt path i}
        else { complete = i == end; depth = i; inherit value; };
    in
    go 0 set;
  noPath = path: "the path ${lib.showAttrPath path}";
in
rec {
  inherit (builtins) attrNames attrValues listToAttrs mapAttrs removeAttrs intersectAttrs catAttrs getAttr hasAttr zipAttrsWith isAttrs;

  nameValuePair = name: value: { inherit name value; };
  genAttrs' = list: f: listToAttrs (map f list);
  genAttrs = names: f: genAttrs' names (name: nameValuePair name (f name));
  mapAttrsToList = f: set: attrValues (mapAttrs f set);
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
  attrsToList = mapAttrsToList nameValuePair;
  concatMapAttrs = f: set: foldl' lib.mergeAttrs { } (mapAttrsToList f set);
  filterAttrs = keep: set: removeAttrs set (builtins.filter (name: !keep name set.${name}) (attrNames set));
  filterAttrsRecursive = keep: set: mapAttrs
    (_: value: if isAttrs value then filterAttrsRecursive keep value else value)
    (filterAttrs keep set);
  attrVals = names: set: map (name: set.${name}) names;
  getAttrs = names: set: genAttrs names (name: set.${name});
  optionalAttrs = condition: set: if condition then set else { };
  foldlAttrs = f: start: set: lib.foldl' (acc: name: f acc name set.${name}) start (attrNames set);
  foldAttrs = op: start: lib.foldr
    (set: acc: lib.foldr (name: all: all // { ${name} = op set.${name} (acc.${name} or start); }) acc (attrNames set))
    { };
  zipAttrsWithNames = names: f: sets: genAttrs names (name: f name (builtins.catAttrs name sets));
  zipAttrs = builtins.zipAttrsWith (_: values: values);
  collect = test: value:
    if test value then [ value ] else if isAttrs value then builtins.concatMap (collect test) (attrValues value) else [ ];
  cartesianProduct = sets: lib.foldl'
    (products: name: builtins.concatMap (product: map (value: product // { ${name} = value; }) sets.${name}) products)
    [ { } ]
    (attrNames sets);
  mapCartesianProduct = f: sets: map f (cartesianProduct sets);
  # In halves, so that a long list costs no more than n log n.
  mergeAttrsList = sets:
    let
      join = start: end:
        let middle = (start + end) / 2; in
        if end - start == 1 then elemAt sets start else join start middle // join middle end;
    in
    if sets == [ ] then { } else join 0 (length sets);
  unionOfDisjoint = a: b:
    let
      shared = builtins.intersectAttrs a b;
      all = builtins.concatStringsSep " " (attrNames shared);
    in
    a // b // mapAttrs (name: _: throw "lib.attrsets.unionOfDisjoint: both sets have ${name}; all names in both: ${all}") shared;

  attrByPath = path: default: set: let found = walk path set; in if found.complete then found.value else default;
  hasAttrByPath = path: set: (walk path set).complete;
  longestValidPathPrefix = path: set: lib.take (walk path set).depth path;
  getAttrFromPath = path: attrByPath path (abort "cannot find the attribute '${builtins.concatStringsSep "." path}'");
  setAttrByPath = path: value: lib.foldr (name: inner: { ${name} = inner; }) value path;
  showAttrPath = path:
    if path == [ ] then "<root attribute path>" else lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;

  recursiveUpdateUntil = stop: left: right:
    let
      merge = path: builtins.zipAttrsWith (name: values:
        let here = path ++ [ name ]; in
        if length values == 1 || stop here (elemAt values 1) (head values) then head values else merge here values);
    in
    merge [ ] [ right left ];
  recursiveUpdate = recursiveUpdateUntil (_: a: b: !(isAttrs a && isAttrs b));

  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond = descend: f:
    let
      go = path: mapAttrs (name: value:
        let here = path ++ [ name ]; in
        if isAttrs value && descend value then go here value else f here value);
    in
    go [ ];
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);
  mapAttrsToListRecursiveCond = descend: f:
    let
      go = path: set: builtins.concatMap
        (name:
          let here = path ++ [ name ]; value = set.${name}; in
          if isAttrs value && descend here value then go here value else [ (f here value) ])
        (attrNames set);
    in
    go [ ];

  # Updates of inner paths come first, so that those of outer ones see what they made.
  updateManyAttrsByPath =
    let
      # What lies at `depth` of the path; `there` says whether there is a value at all.
      at = depth: there: value: updates:
        let
          split = builtins.partition ({ path, ... }: length path == depth) updates;
          deeper = builtins.groupBy ({ path, ... }: elemAt path depth) split.wrong;
          inside = name: at (depth + 1) (there && value ? ${name}) value.${name};
          missing = throw "lib.updateManyAttrsByPath: ${noPath (head split.right).path} is not in the value, but its first update uses the value there";
          inner =
            if split.wrong == [ ] then (if there then value else missing)
            else if !there then mapAttrs (name: at (depth + 1) false null) deeper
            else if isAttrs value then value // mapAttrs inside deeper
            else
              let path = (head split.wrong).path; in
              throw "lib.updateManyAttrsByPath: ${noPath path} cannot be updated, because ${noPath (lib.take depth path)} leads to a ${builtins.typeOf value}";
        in
        lib.foldl (now: { update, ... }: update now) inner split.right;
    in
    updates: value: at 0 true value updates;

  overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
  matchAttrs = pattern: set:
    assert isAttrs pattern;
    lib.all
      (name: set ? ${name} && (
        let wanted = pattern.${name}; found = set.${name}; in
        if isAttrs wanted then isAttrs found && matchAttrs wanted found else wanted == found))
      (attrNames pattern);

  isDerivation = value: value.type or null == "derivation";
  # A path in the store as a package.
  toDerivation = path:
    let
      stored = toString path;
      file = baseNameOf stored;
      package = {
        type = "derivation";
        # In the store, a hash and a dash stand before the name.
        name = lib.strings.sanitizeDerivationName
          (if dirOf stored == builtins.storeDir then builtins.substring 33 (-1) file else file);
        outPath = stored;
        outputs = [ "out" ];
        out = package;
        outputName = "out";
      };
    in
    package;
  getOutput = output: package:
    if package.outputSpecified or false then package else package.${output} or package.out or package;
  getFirstOutput = candidates: package:
    let present = builtins.filter (name: package ? ${name}) candidates; in
    if package.outputSpecified or false || present == [ ] then package else package.${head present};
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getDev = getOutput "dev";
  getMan = getOutput "man";
  getStatic = getFirstOutput [ "static" "lib" "out" ];
  getInclude = getFirstOutput [ "include" "dev" "out" ];
  chooseDevOutputs = map getDev;
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
}
