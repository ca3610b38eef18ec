# Files and folders.
lib:
let
  inherit (builtins) attrNames filter match pathExists readDir;
in
rec {
  inherit (builtins) baseNameOf dirOf hashFile isPath readDir readFileType;

  pathType = builtins.readFileType;
  pathIsDirectory = path: pathExists path && pathType path == "directory";
  pathIsRegularFile = path: pathExists path && pathType path == "regular";
  resolveDefaultNix = path:
    if pathIsDirectory path then path + "/default.nix"
    else if builtins.isString path && lib.hasSuffix "/" path then path + "default.nix"
    else path;

  # Folders with a .cabal file of their own name.
  haskellPathsInDir = root: lib.filterAttrs
    (name: folder: pathExists (folder + "/${name}.cabal"))
    (builtins.mapAttrs (name: _: root + "/${name}") (readDir root));
  # The nearest folder, outward from the file, with a name in it that matches.
  locateDominatingFile = pattern: file:
    let
      go = path:
        let matches = filter (found: found != null) (map (match pattern) (attrNames (readDir path))); in
        if matches != [ ] then { inherit path matches; }
        else if toString path == "/" then null
        else go (dirOf path);
      isFolder = toString file == "/" || (readDir (dirOf file)).${baseNameOf file} or null == "directory";
    in
    go (if isFolder then file else dirOf file);
  listFilesRecursive = folder: builtins.concatLists (lib.mapAttrsToList
    (name: type: let path = folder + "/${name}"; in if type == "directory" then listFilesRecursive path else [ path ])
    (readDir folder));

  # Packages as a folder lays them out: name.nix, or name/package.nix.
  packagesFromDirectoryRecursive =
    { callPackage, newScope ? throw "lib.filesystem.packagesFromDirectoryRecursive: newScope is not given", directory }@args:
    let
      entry = args: name: type:
        let path = args.directory + "/${name}"; in
        if type == "directory" then { ${name} = packagesFromDirectoryRecursive (args // { directory = path; }); }
        else if type != "regular" then throw "lib.filesystem.packagesFromDirectoryRecursive: ${toString path} is neither a file nor a folder, but ${type}"
        else if lib.hasSuffix ".nix" name then { ${lib.removeSuffix ".nix" name} = args.callPackage path { }; }
        else { };
      entries = args: lib.concatMapAttrs (entry args) (readDir args.directory);
      file = directory + "/package.nix";
    in
    if pathExists file then callPackage file { }
    else if args ? newScope then
      lib.recurseIntoAttrs (lib.makeScope newScope (self: entries (args // { inherit (self) callPackage newScope; })))
    else entries args;
}
