# Folders as sources, with what is left out of them; and what Git says of a folder.
lib:
let
  inherit (builtins) baseNameOf dirOf elemAt head isString length match readFile split;
  inherit (lib) fileContents pathIsRegularFile;

  # What a source was made of, and what it keeps.
  partsOf = source:
    if source ? _isLibCleanSourceWith then { inherit (source) origSrc filter name; }
    else { origSrc = source; filter = _: _: true; name = "source"; };
  fromParts = { origSrc, filter, name }: {
    _isLibCleanSourceWith = true;
    inherit origSrc filter name;
    outPath = builtins.path { inherit filter name; path = origSrc; };
  };

  folders = [ ".svn" "CVS" ".hg" ".jj" ".pijul" "_darcs" ];
  git = import ./sources/git.nix lib;
in
rec {
  inherit (builtins) filterSource;
  inherit (git) pathIsGitRepo commitIdFromGitRepo;

  # Without what version control, editors and compilers leave behind.
  cleanSourceFilter = path: type:
    let name = baseNameOf path; in
    !(name == ".git"
      || (type == "directory" && builtins.elem name folders)
      || lib.hasSuffix "~" name
      || match "\\.(.*\\.)?sw[a-z]" name != null
      || lib.hasSuffix ".o" name
      || lib.hasSuffix ".so" name
      || (type == "symlink" && lib.hasPrefix "result" name)
      || type == "unknown");
  cleanSource = src: cleanSourceWith { filter = cleanSourceFilter; inherit src; };
  cleanSourceWith = { src, filter ? _: _: true, name ? null }:
    let parts = partsOf src; in
    fromParts {
      inherit (parts) origSrc;
      filter = path: type: filter path type && parts.filter path type;
      name = if name == null then parts.name else name;
    };
  trace = src:
    let parts = partsOf src; in
    fromParts (parts // {
      filter = path: type:
        let kept = parts.filter path type; in
        builtins.trace "${parts.name}.filter ${path} = ${lib.boolToString kept}" kept;
    }) // { satisfiesSubpathInvariant = src.satisfiesSubpathInvariant or false; };
  sourceByRegex = src: patterns: cleanSourceWith {
    filter = path: _:
      let below = lib.removePrefix "${toString (partsOf src).origSrc}/" (toString path); in
      lib.any (pattern: match pattern below != null) patterns;
    inherit src;
  };
  sourceFilesBySuffices = src: suffixes: cleanSourceWith {
    filter = path: type: type == "directory" || lib.any (suffix: lib.hasSuffix suffix (baseNameOf path)) suffixes;
    inherit src;
  };
  sourceByGlobs = import ./sources/globs.nix lib;
  pathHasContext = builtins.hasContext;
  canCleanSource = src: src ? _isLibCleanSourceWith || !pathHasContext (toString src);

  # The name of what a URL leads to, without the endings of archives.
  urlToName = url:
    let
      bare = name:
        let found = match "(.*)\\.(git|tar|zip|gz|tgz|bz|tbz|bz2|tbz2|lzma|txz|xz|zstd)" name; in
        if found == null then name else bare (head found);
    in
    bare (baseNameOf (lib.removeSuffix "/" (lib.last (lib.splitString ":" (toString url)))));
  # Seven digits of a commit, or the version in a tag.
  shortRev = rev:
    let
      name = baseNameOf (toString rev);
      version = match "([A-Za-z]+[-_. ]?)*(v)?([0-9.]+.*)" name;
    in
    if match "[a-f0-9]+" name != null then builtins.substring 0 7 name
    else if version != null then elemAt version 2
    else name;
  revOrTag = rev: tag: if tag != null then tag else if rev != null then rev else "HEAD";
  repoRevToName = kind:
    let
      part = text: if text == null then "" else "-${text}";
      full = repo: rev: suffix: "${urlToName repo}${part (if rev == null then null else shortRev rev)}${part suffix}-source";
    in
    if kind == "source" then _: _: _: "source"
    else if kind == "versioned" then repo: rev: _: full repo rev null
    else if kind == "full" then full
    else throw "lib.sources.repoRevToName: the kind is one of source, versioned, full";
}
