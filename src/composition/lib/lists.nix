# Lists.
lib:
let
  inherit (builtins) length elemAt genList;
in
rec {
  inherit (builtins) head tail length elem elemAt filter map foldl' concatLists concatMap all any partition groupBy genList sort isList isAttrs isString;

  singleton = x: [ x ];
  foldr = op: start: list:
    let go = i: if i == length list then start else op (elemAt list i) (go (i + 1)); in go 0;
  fold = foldr;
  foldl = op: start: list:
    let go = i: if i < 0 then start else op (go (i - 1)) (elemAt list i); in go (length list - 1);
  forEach = list: f: map f list;
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  imap1 = f: imap0 (i: f (i + 1));
  ifilter0 = keep: list: map (i: elemAt list i) (builtins.filter (i: keep i (elemAt list i)) (genList lib.id (length list)));
  flatten = x: if builtins.isList x then builtins.concatMap flatten x else [ x ];
  remove = x: builtins.filter (y: y != x);
  count = test: foldl' (n: x: if test x then n + 1 else n) 0;
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  toList = x: if builtins.isList x then x else [ x ];
  range = first: last: if first > last then [ ] else genList (i: first + i) (last - first + 1);
  replicate = n: x: genList (_: x) n;
  reverseList = list: let n = length list; in genList (i: elemAt list (n - i - 1)) n;

  sublist = start: count: list:
    let available = length list - start; in
    genList (i: elemAt list (start + i)) (if available <= 0 then 0 else lib.min count available);
  take = n: sublist 0 (lib.max 0 n);
  drop = n: list: sublist (lib.max 0 n) (length list) list;
  takeEnd = n: list: drop (length list - n) list;
  dropEnd = n: list: take (length list - n) list;
  last = list: if list == [ ] then throw "lib.last: the list is empty" else elemAt list (length list - 1);
  init = list: if list == [ ] then throw "lib.init: the list is empty" else take (length list - 1) list;

  findFirstIndex = test: default: list:
    let
      n = length list;
      go = i: if i == n then default else if test (elemAt list i) then i else go (i + 1);
    in go 0;
  findFirst = test: default: list:
    let i = findFirstIndex test null list; in if i == null then default else elemAt list i;
  findSingle = test: none: multiple: list:
    let found = builtins.filter test list; in
    if found == [ ] then none else if length found > 1 then multiple else builtins.head found;
  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (lib.min (length a) (length b));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  unique = foldl' (seen: x: if builtins.elem x seen then seen else seen ++ [ x ]) [ ];
  allUnique = list: length (unique list) == length list;
  intersectLists = a: builtins.filter (x: builtins.elem x a);
  subtractLists = unwanted: builtins.filter (x: !(builtins.elem x unwanted));
  mutuallyExclusive = a: b: intersectLists a b == [ ];
  crossLists = f: foldl' (fs: args: builtins.concatMap (g: map g args) fs) [ f ];
  sortOn = key: builtins.sort (a: b: key a < key b);
  naturalSort = builtins.sort (a: b: builtins.compareVersions a b < 0);
  hasPrefix = prefix: list: take (length prefix) list == prefix;
  removePrefix = prefix: list:
    if hasPrefix prefix list then drop (length prefix) list
    else throw "lib.lists.removePrefix: the list does not begin with the prefix";
  commonPrefix = a: b:
    let
      n = lib.min (length a) (length b);
      go = i: if i >= n || elemAt a i != elemAt b i then i else go (i + 1);
    in take (go 0) a;
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
        else go (builtins.head split.right) ([ item ] ++ visited) (builtins.tail split.right ++ split.wrong);
    in go (builtins.head list) [ ] (builtins.tail list);
  toposort = before: list:
    let
      first = listDfs true before list;
      others = toposort before (first.visited ++ first.rest);
    in
    if length list < 2 then { result = list; }
    else if first ? cycle then { cycle = reverseList ([ first.cycle ] ++ first.visited); inherit (first) loops; }
    else if others ? cycle then others
    else { result = [ first.minimal ] ++ others.result; };
  uniqueStrings = list: builtins.attrNames (builtins.groupBy lib.id list);
  compareLists = cmp: a: b:
    if a == [ ] then (if b == [ ] then 0 else -1)
    else if b == [ ] then 1
    else let first = cmp (builtins.head a) (builtins.head b); in
      if first == 0 then compareLists cmp (builtins.tail a) (builtins.tail b) else first;
  groupBy' = op: start: key: list: builtins.mapAttrs (_: foldl' op start) (builtins.groupBy key list);
}
