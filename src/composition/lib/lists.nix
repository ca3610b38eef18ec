# Lists.
lib:
let
  inherit (builtins) elemAt genList head length tail;

  first = pair: elemAt pair 0;
  second = pair: elemAt pair 1;
  notEmpty = name: list: then': if list == [ ] then throw "lib.lists.${name}: the list must not be empty" else then';
in
rec {
  inherit (builtins) head tail length elem elemAt filter map concatLists concatMap all any partition groupBy genList sort isList;

  singleton = x: [ x ];
  forEach = list: f: map f list;
  foldr = op: start: list:
    let
      end = length list;
      go = i: if i == end then start else op (elemAt list i) (go (i + 1));
    in
    go 0;
  fold = lib.warn "lib.fold is deprecated: use lib.foldr" foldr;
  foldl = op: start: list:
    let go = i: if i < 0 then start else op (go (i - 1)) (elemAt list i); in
    go (length list - 1);
  # Unlike the builtin of old versions of Nix, the start is computed first.
  foldl' = op: start: builtins.seq start (builtins.foldl' op start);
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  imap1 = f: imap0 (i: f (i + 1));
  ifilter0 = keep: list: map (elemAt list) (builtins.filter (i: keep i (elemAt list i)) (genList lib.id (length list)));
  flatten = x: if builtins.isList x then builtins.concatMap flatten x else [ x ];
  remove = x: builtins.filter (y: y != x);
  count = test: foldl' (n: x: if test x then n + 1 else n) 0;
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  toList = x: if builtins.isList x then x else [ x ];
  range = from: to: if from > to then [ ] else genList (i: from + i) (to - from + 1);
  replicate = n: x: genList (_: x) n;
  reverseList = list: let n = length list; in genList (i: elemAt list (n - i - 1)) n;
  concatAttrValues = set: builtins.concatLists (builtins.attrValues set);

  sublist = start: count: list:
    let n = length list; in
    genList (i: elemAt list (start + i)) (if start >= n then 0 else if start + count > n then n - start else count);
  take = sublist 0;
  drop = n: list: sublist n (length list) list;
  takeEnd = n: list: drop (lib.max 0 (length list - n)) list;
  dropEnd = n: list: take (lib.max 0 (length list - n)) list;
  last = list: notEmpty "last" list (elemAt list (length list - 1));
  init = list: notEmpty "init" list (take (length list - 1) list);
  replaceElemAt = list: index: x:
    if index < 0 || index >= length list then
      throw "lib.lists.replaceElemAt: there is no item ${toString index} in a list of ${toString (length list)}"
    else imap0 (i: old: if i == index then x else old) list;

  # Without recursion, because lists may be long: below zero it counts the items that were seen.
  findFirstIndex = test: default: list:
    let found = foldl' (i: x: if i >= 0 then i else if test x then -i - 1 else i - 1) (-1) list; in
    if found < 0 then default else found;
  findFirst = test: default: list:
    let i = findFirstIndex test null list; in if i == null then default else elemAt list i;
  findSingle = test: none: multiple: list:
    let found = builtins.filter test list; in
    if found == [ ] then none else if length found > 1 then multiple else head found;
  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (lib.min (length a) (length b));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  unique = foldl' (seen: x: if builtins.elem x seen then seen else seen ++ [ x ]) [ ];
  uniqueStrings = list: builtins.attrNames (builtins.groupBy lib.id list);
  allUnique = list: length (unique list) == length list;
  intersectLists = a: builtins.filter (x: builtins.elem x a);
  subtractLists = unwanted: builtins.filter (x: !builtins.elem x unwanted);
  mutuallyExclusive = a: b: a == [ ] || !builtins.any (x: builtins.elem x a) b;
  crossLists = f: foldl (fs: args: builtins.concatMap (g: map g args) fs) [ f ];
  groupBy' = op: start: key: list: builtins.mapAttrs (_: foldl op start) (builtins.groupBy key list);

  compareLists = compare: a: b:
    if a == [ ] then (if b == [ ] then 0 else -1)
    else if b == [ ] then 1
    else
      let order = compare (head a) (head b); in
      if order == 0 then compareLists compare (tail a) (tail b) else order;
  # The key of each item is computed once.
  sortOn = key: list:
    map second (builtins.sort (a: b: first a < first b) (map (x: [ (key x) x ]) list));
  # Numbers inside the texts are compared as numbers.
  naturalSort = list:
    let
      parts = text: map (part: if builtins.isList part then lib.toInt (head part) else part) (builtins.split "(0|[1-9][0-9]*)" text);
      before = a: b: compareLists lib.compare (first a) (first b) < 0;
    in
    map second (builtins.sort before (map (text: [ (parts text) text ]) list));

  hasPrefix = prefix: list: take (length prefix) list == prefix;
  removePrefix = prefix: list:
    if hasPrefix prefix list then drop (length prefix) list
    else throw "lib.lists.removePrefix: the list does not begin with the prefix";
  commonPrefix = a: b:
    let differ = zipListsWith (x: y: x != y) a b; in
    take (findFirstIndex lib.id (length differ) differ) a;

  # From the first item to one that nothing comes before.
  listDfs = stopOnCycles: before: list:
    let
      go = item: visited: rest:
        let
          loops = builtins.filter (x: before x item) visited;
          split = builtins.partition (x: before x item) rest;
        in
        if stopOnCycles && loops != [ ] then { cycle = item; inherit loops visited rest; }
        else if split.right == [ ] then { minimal = item; inherit visited rest; }
        else go (head split.right) ([ item ] ++ visited) (tail split.right ++ split.wrong);
    in
    go (head list) [ ] (tail list);
  toposort = before: list:
    let
      found = listDfs true before list;
      others = toposort before (found.visited ++ found.rest);
    in
    if length list < 2 then { result = list; }
    else if found ? cycle then { cycle = reverseList ([ found.cycle ] ++ found.visited); inherit (found) loops; }
    else if others ? cycle then others
    else { result = [ found.minimal ] ++ others.result; };
}
