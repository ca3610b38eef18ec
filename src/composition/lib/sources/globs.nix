# Sources by patterns such as src/**/*.c.
lib:
let
  inherit (builtins) elemAt filter isList isString length match split;

  parts = text: filter isString (split "/" text);
  # One part of a pattern as a regular expression; null for **, which stands for any number of parts.
  expression = part:
    if part == "**" then null
    else lib.concatMapStrings (piece: if isList piece then "[^/]*" else lib.escapeRegex piece) (split "\\*+" part);

  matcher = pattern:
    let
      globs = map expression (parts pattern);
      end = length globs;
    in
    text: type:
    let
      names = parts text;
      fits = g: n: match (elemAt globs g) (elemAt names n) != null;
      go = g: n:
        # A folder on the way to what may match is kept.
        if n >= length names then g >= end || type == "directory" || type == "symlink"
        else if g >= end then false
        else if elemAt globs g != null then fits g n && go (g + 1) (n + 1)
        else if g + 1 == end then true
        else if elemAt globs (g + 1) == null || fits (g + 1) n then go (g + 1) n
        else go g (n + 1);
    in
    go 0 0;
in
src: patterns:
let
  matchers = map matcher patterns;
in
lib.cleanSourceWith {
  filter = path: type: lib.any (fits: fits (lib.removePrefix "${toString src}/" path) type) matchers;
  inherit src;
}
