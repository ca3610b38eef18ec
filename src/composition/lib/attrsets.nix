# Attribute sets.
lib:
let
  inherit (builtins) attrNames listToAttrs mapAttrs;
in
rec {
  inherit (builtins) attrNames attrValues listToAttrs mapAttrs removeAttrs intersectAttrs catAttrs getAttr hasAttr zipAttrsWith isAttrs;

  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  genAttrs' = list: f: listToAttrs (map f list);
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  concatMapAttrs = f: set: mergeAttrsList (mapAttrsToList f set);
  mergeAttrsList = builtins.foldl' (a: b: a // b) { };
  mergeAttrs = a: b: a // b;
  filterAttrs = keep: set: removeAttrs set (builtins.filter (name: !(keep name set.${name})) (attrNames set));
  filterAttrsRecursive = keep: set: mapAttrs
    (_: value: if builtins.isAttrs value then filterAttrsRecursive keep value else value)
    (filterAttrs keep set);
  attrsToList = mapAttrsToList nameValuePair;
  attrVals = names: set: map (name: set.${name}) names;
  getAttrs = names: set: genAttrs names (name: set.${name});
  optionalAttrs = condition: set: if condition then set else { };
  foldlAttrs = f: start: set: builtins.foldl' (acc: name: f acc name set.${name}) start (attrNames set);
  foldAttrs = op: start: sets: mapAttrs (_: lib.foldr op start) (builtins.zipAttrsWith (_: values: values) sets);
  zipAttrsWithNames = names: f: sets: genAttrs names (name: f name (builtins.catAttrs name sets));
  zipAttrs = builtins.zipAttrsWith (_: values: values);
  collect = test: x:
    if test x then [ x ] else if builtins.isAttrs x then builtins.concatMap (collect test) (builtins.attrValues x) else [ ];
  cartesianProduct = sets: builtins.foldl'
    (products: name: builtins.concatMap (product: map (value: product // { ${name} = value; }) sets.${name}) products)
    [ { } ]
    (attrNames sets);
  cartesianProductOfSets = cartesianProduct;
  mapCartesianProduct = f: sets: map f (cartesianProduct sets);
  unionOfDisjoint = a: b: mapAttrs (name: _: throw "lib.unionOfDisjoint: both sets have \"${name}\"") (builtins.intersectAttrs a b) // a // b;

  attrByPath = path: default: set:
    if path == [ ] then set
    else if builtins.isAttrs set && set ? ${builtins.head path} then attrByPath (builtins.tail path) default set.${builtins.head path}
    else default;
  hasAttrByPath = path: set:
    path == [ ] || (builtins.isAttrs set && set ? ${builtins.head path} && hasAttrByPath (builtins.tail path) set.${builtins.head path});
  getAttrFromPath = path: attrByPath path (throw "lib.getAttrFromPath: there is no attribute ${builtins.concatStringsSep "." path}");
  setAttrByPath = path: value: lib.foldr (name: inner: { ${name} = inner; }) value path;

  recursiveUpdateUntil = stop: left: right:
    let
      merge = path: a: b: a // mapAttrs
        (name: value:
          let here = path ++ [ name ]; in
          if !(a ? ${name}) || stop here a.${name} value then value else merge here a.${name} value)
        b;
    in merge [ ] left right;
  recursiveUpdate = recursiveUpdateUntil (_: a: b: !(builtins.isAttrs a && builtins.isAttrs b));

  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond = descend: f:
    let
      go = path: mapAttrs (name: value:
        if builtins.isAttrs value && descend value then go (path ++ [ name ]) value else f (path ++ [ name ]) value);
    in go [ ];
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);
  mapAttrsToListRecursiveCond = descend: f: set:
    let
      go = path: value:
        if builtins.isAttrs value && (path == [ ] || descend path value) then
          builtins.concatMap (name: go (path ++ [ name ]) value.${name}) (attrNames value)
        else [ (f path value) ];
    in go [ ] set;
  updateManyAttrsByPath = updates: set:
    builtins.foldl'
      (all: { path, update }:
        let new = update (getAttrFromPath path all); in
        if path == [ ] then new else recursiveUpdateUntil (here: _: _: here == path) all (setAttrByPath path new))
      set
      updates;
  overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
  longestValidPathPrefix = path: set:
    if path != [ ] && builtins.isAttrs set && set ? ${builtins.head path} then
      [ (builtins.head path) ] ++ longestValidPathPrefix (builtins.tail path) set.${builtins.head path}
    else [ ];
  showAttrPath = path:
    if path == [ ] then "<root attribute path>" else lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;
  matchAttrs = pattern: set: lib.all (name: set ? ${name} && (
    if builtins.isAttrs pattern.${name} then builtins.isAttrs set.${name} && matchAttrs pattern.${name} set.${name}
    else pattern.${name} == set.${name})) (attrNames pattern);

  isDerivation = x: builtins.isAttrs x && x.type or null == "derivation";
  getOutput = output: package: package.${output} or package;
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getDev = getOutput "dev";
  getMan = getOutput "man";
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
}
