# How much two strings have in common.
lib:
let
  inherit (builtins) elemAt genList stringLength substring;

  at = text: i: substring i 1 text;
  # How many of the pairs, from the first on, hold.
  agreeing = n: holds: let go = i: if i < n && holds i then go (i + 1) else i; in go 0;
  shorter = a: b: lib.min (stringLength a) (stringLength b);
in
rec {
  commonPrefixLength = a: b: agreeing (shorter a b) (i: at a i == at b i);
  commonSuffixLength = a: b:
    agreeing (shorter a b) (i: at a (stringLength a - i - 1) == at b (stringLength b - i - 1));
  # Characters to insert, remove or replace. The table is lazy: each of its places is computed once.
  levenshtein = a: b:
    let
      table = genList (i: genList (distance i) (stringLength b + 1)) (stringLength a + 1);
      known = i: j: elemAt (elemAt table i) j;
      distance = i: j:
        if i == 0 then j
        else if j == 0 then i
        else lib.min
          (1 + lib.min (known (i - 1) j) (known i (j - 1)))
          (known (i - 1) (j - 1) + (if at a (i - 1) == at b (j - 1) then 0 else 1));
    in
    known (stringLength a) (stringLength b);
  # Only what is between a common start and a common end can differ.
  levenshteinAtMost = limit: a: b:
    let
      start = commonPrefixLength a b;
      inside = text: substring start (stringLength text - start - commonSuffixLength a b) text;
      difference = stringLength a - stringLength b;
    in
    if limit <= 0 then a == b
    else if difference > limit || -difference > limit then false
    else levenshtein (inside a) (inside b) <= limit;
}
