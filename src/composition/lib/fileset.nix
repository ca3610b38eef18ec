# Sets of files. A set is a tree of names from the root of the file system on: "directory" is a folder with all that is
# in it, null nothing, other texts are kinds of files.
lib:
let
  inherit (builtins) attrNames attrValues dirOf head isAttrs isList isPath isString mapAttrs pathExists readDir typeOf;

  partsOf = path: lib.path.subpath.components (lib.path.splitRoot path).subpath;
  nothing = { _type = "fileset"; base = null; tree = null; };
  # `base` is the folder that all files are in.
  make = base: tree: { _type = "fileset"; inherit base; tree = lib.setAttrByPath (partsOf base) tree; };
  below = set: lib.foldl (tree: name: if isAttrs tree then tree.${name} or null else tree) set.tree (partsOf set.base);
  # One path: a folder, or the only file of its folder.
  ofFile = path: type: make (dirOf path) { ${baseNameOf path} = type; };
  single = path: let type = lib.pathType path; in if type == "directory" then make path type else ofFile path type;

  refuse = name: argument: value: throw "lib.fileset.${name}: ${argument} is ${
    if value ? _isLibCleanSourceWith then "a source; lib.fileset.fromSource makes a file set of it"
    else if isPath value then "the path ${toString value}, which does not exist; lib.fileset.maybeMissing is for these"
    else if lib.strings.isStringLike value then "a text (${builtins.toJSON (toString value)}), and has to be a file set or a path"
    else "a ${typeOf value}, and has to be a file set or a path"}";
  isSet = value: value._type or "" == "fileset";
  valid = value: isSet value || (isPath value && pathExists value);
  coerce = name: argument: value:
    if isSet value then value else if valid value then single value else refuse name argument value;

  entries = path: tree: if tree == "directory" then readDir path else mapAttrs (_: _: null) (readDir path) // tree;
  isTree = tree: tree == "directory" || isAttrs tree;

  unionTrees = trees:
    let
      whole = lib.findFirst isString null trees;
      present = builtins.filter (tree: tree != null) trees;
    in
    if whole != null then whole
    else if present == [ ] then null
    else builtins.zipAttrsWith (_: unionTrees) present;
  intersectTrees = a: b:
    if isAttrs a && isAttrs b then builtins.intersectAttrs b (mapAttrs (name: x: intersectTrees x (b.${name} or null)) a)
    else if a == null || isString b then a
    else b;
  subtractTrees = path: a: b:
    if a == null || isString b then null
    else if b == null then a
    else mapAttrs (name: x: subtractTrees (path + "/${name}") x (b.${name} or null)) (entries path a);

  # Folders that are complete as one word; "emptyDir" those without any file.
  shortest = path: tree:
    let
      inner = mapAttrs (name: shortest (path + "/${name}")) (entries path tree);
      all = test: lib.all test (attrValues inner);
    in
    if !isTree tree then tree
    else if all (x: x == "emptyDir") then "emptyDir"
    else if tree == "directory" || all isString then "directory"
    else if all (x: x == null || x == "emptyDir") then null
    else inner;
  # For a source, where an empty folder that is in the set counts.
  exact = path: tree:
    let inner = mapAttrs (name: exact (path + "/${name}")) (entries path tree); in
    if !isTree tree then tree
    else if lib.all isNull (attrValues inner) then null
    else if lib.all isString (attrValues inner) then "directory"
    else inner;

  print = set:
    let
      tree = shortest set.base (below set);
      kind = x: if isAttrs x then "" else if x == "directory" then " (all files in directory)" else " (${x})";
      lines = indent: node: builtins.concatMap
        (name:
          let x = node.${name}; in
          lib.optionals (x != null && x != "emptyDir")
            ([ "${indent}- ${name}${kind x}" ] ++ lib.optionals (isAttrs x) (lines "${indent}  " x)))
        (attrNames node);
      all =
        if set.base == null || tree == null || tree == "emptyDir" then [ "(empty)" ]
        else [ "${toString set.base}${kind tree}" ] ++ lib.optionals (isAttrs tree) (lines "" tree);
    in
    lib.foldl' (done: line: builtins.seq done (builtins.trace line null)) null all;

  fromDirectory = keep: path: mapAttrs
    (name: type:
      let file = path + "/${name}"; in
      if type == "directory" then (if keep.folder file then fromDirectory keep file else null)
      else if keep.file file name type then type
      else null)
    (readDir path);
  filtered = keep: path:
    let type = lib.pathType path; in
    if type == "directory" then make path (fromDirectory keep path)
    else ofFile path (if keep.file path (baseNameOf path) type then type else null);

  git = name: path:
    if !isPath path then throw "lib.fileset.${name}: the argument is a ${typeOf path}, and has to be a path"
    else throw "lib.fileset.${name} asks Git through Nix's store; the flavour local does not have it, build with -f docker";
in
rec {
  empty = nothing;
  isFileset = valid;
  maybeMissing = path:
    if !isPath path then refuse "maybeMissing" "the argument" path
    else if pathExists path then single path
    else nothing;
  trace = set: let given = coerce "trace" "the argument" set; in builtins.seq (print given) (x: x);
  traceVal = set: let given = coerce "traceVal" "the argument" set; in builtins.seq (print given) given;

  toList = set:
    let
      given = coerce "toList" "the argument" set;
      files = path: tree:
        if tree == null then [ ]
        else if isTree tree then
          builtins.concatLists (lib.mapAttrsToList (name: files (path + "/${name}")) (if isAttrs tree then tree else readDir path))
        else [ path ];
    in
    if given.base == null then [ ] else files given.base (below given);

  union = a: b: unions [ a b ];
  unions = sets:
    let
      given = builtins.filter (set: set.base != null) (lib.imap0 (i: coerce "unions" "item ${toString i}") sets);
      common = lib.foldl' (parts: set: lib.lists.commonPrefix parts (partsOf set.base)) (partsOf (head given).base) given;
    in
    if !isList sets then throw "lib.fileset.unions: the argument is a ${typeOf sets}, and has to be a list"
    else if given == [ ] then nothing
    else { _type = "fileset"; base = /. + lib.concatStringsSep "/" common; tree = unionTrees (map (set: set.tree) given); };
  intersection = a: b:
    let
      x = coerce "intersection" "the first argument" a;
      y = coerce "intersection" "the second argument" b;
      inside = outer: inner: lib.path.hasPrefix outer.base inner.base;
      base = if inside x y then y.base else x.base;
    in
    if x.base == null || y.base == null || !(inside x y || inside y x) then nothing
    else { _type = "fileset"; inherit base; tree = intersectTrees x.tree y.tree; };
  difference = a: b:
    let
      x = coerce "difference" "the first argument" a;
      y = coerce "difference" "the second argument" b;
      other = if y.base == null then null else below (y // { inherit (x) base; });
    in
    if x.base == null then nothing else make x.base (subtractTrees x.base (below x) other);

  fileFilter = predicate: path:
    let
      keep = {
        folder = _: true;
        file = _: name: type: predicate {
          inherit name type;
          hasExt = extension: lib.hasSuffix ".${extension}" name;
          # So that a predicate that takes these three and no others fails now, and not when there is a fourth.
          "the predicate of lib.fileset.fileFilter has to take other attributes too: write { name, ... }" = null;
        };
      };
    in
    if !lib.isFunction predicate then throw "lib.fileset.fileFilter: the first argument is a ${typeOf predicate}, and has to be a function"
    else if isSet path then throw "lib.fileset.fileFilter: the second argument is a file set, and has to be a path; lib.fileset.intersection filters a set"
    else if !isPath path || !pathExists path then refuse "fileFilter" "the second argument" path
    else filtered keep path;
  fromSource = source:
    let
      parts = source.origSrc or source;
      keep = {
        folder = path: source.filter (toString path) "directory";
        file = path: _: type: source.filter (toString path) type;
      };
      path = if source ? _isLibCleanSourceWith then parts else source;
    in
    if !isPath path || !pathExists path then refuse "fromSource" "the source" path
    else if source ? _isLibCleanSourceWith then (let type = lib.pathType path; in if type == "directory" then filtered keep path else ofFile path type)
    else single path;
  toSource = { root, fileset }:
    let
      set = coerce "toSource" "`fileset`" fileset;
      tree = exact set.base (below set);
      depth = builtins.length (partsOf set.base);
      above = path: lib.hasPrefix "${if path == "/" then "" else path}/" "${toString set.base}/";
      wanted = path:
        let walk = lib.foldl (node: name: if isAttrs node then node.${name} or null else node) tree; in
        walk (lib.drop depth (lib.path.subpath.components ".${path}")) != null;
      filter = path: type:
        if set.base == null || tree == null || !(above path || (lib.hasPrefix "${toString set.base}/" path || set.base == /.) && wanted path) then false
        else if type != "unknown" then true
        else throw "lib.fileset.toSource: ${path} is neither a file, a folder nor a link, and cannot be part of a source";
    in
    if !isPath root then refuse "toSource" "`root`" root
    else if !pathExists root then throw "lib.fileset.toSource: `root` (${toString root}) does not exist"
    else if lib.pathType root != "directory" then throw "lib.fileset.toSource: `root` (${toString root}) is a file, and has to be a folder"
    else if set.base != null && !lib.path.hasPrefix root set.base then
      throw "lib.fileset.toSource: `fileset` may have files in ${toString set.base}, which is not in `root` (${toString root})"
    else builtins.seq set (lib.cleanSourceWith { name = "source"; src = root; inherit filter; });

  gitTracked = git "gitTracked";
  gitTrackedWith = _: git "gitTrackedWith";
}
