# Paths, and texts that lead from one path to another.
lib:
let
  inherit (builtins) baseNameOf dirOf elemAt genList head isPath isString length match split storeDir typeOf;

  needPath = name: path: result:
    if isPath path then result else throw "lib.path.${name}: the argument is a ${typeOf path}, and has to be a path";

  # Why a text leads nowhere below a folder; null when it does.
  reasonAgainst = text:
    if !isString text then "it is a ${typeOf text}, and has to be a string"
    else if text == "" then "it is empty"
    else if builtins.substring 0 1 text == "/" then "${builtins.toJSON text} begins with a slash, as an absolute path does"
    else if match "(.*/)?\\.\\.(/.*)?" text != null then "${builtins.toJSON text} has a part .."
    else null;
  isValid = text: reasonAgainst text == null;
  needSubpath = name: text: result:
    if isValid text then result else throw "lib.path.${name}: this leads nowhere below a folder: ${reasonAgainst text}";

  components = text: builtins.filter (part: isString part && part != "." && part != "") (split "/" text);
  join = parts: "./" + (if parts == [ ] then "." else lib.concatStringsSep "/" parts);

  # { root, parts } of a path.
  deconstruct =
    let
      go = parts: path: if path == dirOf path then { root = path; inherit parts; } else go ([ (baseNameOf path) ] ++ parts) (dirOf path);
    in
    go [ ];
  # Both taken apart, from the same root.
  compared = name: a: b: f:
    let x = deconstruct a; y = deconstruct b; in
    needPath name a (needPath name b (
      if x.root == y.root then f x.parts y.parts
      else throw "lib.path.${name}: ${toString a} and ${toString b} have different roots, ${toString x.root} and ${toString y.root}"));
  storeParts = components storeDir;
in
{
  append = path: text: needPath "append" path (needSubpath "append" text (path + ("/" + text)));
  hasPrefix = prefix: needPath "hasPrefix" prefix (path: compared "hasPrefix" prefix path lib.lists.hasPrefix);
  removePrefix = prefix: needPath "removePrefix" prefix (path: compared "removePrefix" prefix path (start: parts:
    if lib.lists.hasPrefix start parts then join (lib.drop (length start) parts)
    else throw "lib.path.removePrefix: ${toString path} is not in ${toString prefix}"));
  splitRoot = path: needPath "splitRoot" path (let taken = deconstruct path; in { inherit (taken) root; subpath = join taken.parts; });
  hasStorePathPrefix = path:
    let parts = (deconstruct path).parts; in
    needPath "hasStorePathPrefix" path (
      (lib.lists.hasPrefix storeParts parts && parts != storeParts && match ".{32}-.+" (elemAt parts (length storeParts)) != null)
      # As derivations name outputs of content-addressed ones.
      || (parts != [ ] && match "[0-9a-z]{52}" (head parts) != null));

  subpath = {
    inherit isValid;
    components = text: needSubpath "subpath.components" text (components text);
    normalise = text: needSubpath "subpath.normalise" text (join (components text));
    join = texts:
      let wrong = lib.lists.findFirstIndex (text: !isValid text) null texts; in
      if wrong == null then join (builtins.concatMap components texts)
      else throw "lib.path.subpath.join: item ${toString wrong} leads nowhere below a folder: ${reasonAgainst (elemAt texts wrong)}";
  };
}
