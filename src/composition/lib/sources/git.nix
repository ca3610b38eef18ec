# The commit that a working tree is at, read from the files that Git keeps.
lib:
let
  inherit (builtins) dirOf filter head isString match readFile split;
  inherit (lib) fileContents pathIsRegularFile;

  from = base: path: if lib.hasPrefix "/" path then path else "${lib.optionalString (!lib.hasPrefix "/" base) "/"}${base}/${path}";

  # { value } or { error }: the commit that the reference `name` of the repository at `path` leads to.
  read = name: path:
    let
      file = path + "/${name}";
      packed = path + "/packed-refs";
      # A working tree beside the first one has a file that says where its repository is.
      link = match "gitdir: (.*)" (fileContents path);
      gitDir = from (dirOf path) (head link);
      shared =
        if pathIsRegularFile "${gitDir}/commondir" then from gitDir (lib.removeSuffix "/" (fileContents "${gitDir}/commondir"))
        else gitDir;
      symbolic = match "ref: (.*)" (fileContents file);
      inPacked = line: match "([a-z0-9]+) ${name}" line;
      lines = filter (line: isString line && inPacked line != null) (split "\n" (readFile packed));
    in
    if pathIsRegularFile path then
      (if link == null then { error = "${toString path} does not say where its repository is"; }
      else read (lib.removePrefix "${shared}/" "${gitDir}/${name}") shared)
    else if pathIsRegularFile file then
      (if symbolic == null then { value = fileContents file; } else read (head symbolic) path)
    else if pathIsRegularFile packed then
      (if lines == [ ] then { error = "${name} is not in ${toString packed}"; } else { value = head (inPacked (head lines)); })
    else { error = "${toString path} is no folder of Git"; };
in
{
  pathIsGitRepo = path: read "HEAD" path ? value;
  commitIdFromGitRepo = path: let found = read "HEAD" path; in found.value or (throw "lib.sources.commitIdFromGitRepo: ${found.error}");
}
