# Values shown while evaluation goes on, and tests of expressions.
lib:
let
  inherit (builtins) deepSeq elem isAttrs isList mapAttrs substring trace;

  show = lib.generators.toPretty { allowPrettyValues = true; };
in
rec {
  inherit (builtins) trace addErrorContext unsafeGetAttrPos;

  traceIf = condition: message: value: if condition then trace message value else value;
  traceValFn = f: x: trace (f x) x;
  traceVal = traceValFn lib.id;
  traceSeq = x: trace (deepSeq x x);
  traceValSeqFn = f: x: traceValFn f (deepSeq x x);
  traceValSeq = traceValSeqFn lib.id;
  # As deep as `depth`; what is deeper is not computed.
  traceSeqN = depth:
    let
      cut = text: value: { __pretty = _: text; val = value; };
      shorten = n: x:
        if isList x then (if n == 0 then cut "[…]" x else map (shorten (n - 1)) x)
        else if isAttrs x then (if n == 0 then cut "{…}" x else mapAttrs (_: shorten (n - 1)) x)
        else x;
    in
    x: trace (show (shorten depth x));
  traceValSeqNFn = f: depth: x: traceSeqN depth (f x) x;
  traceValSeqN = traceValSeqNFn lib.id;
  traceFnSeqN = depth: name: f: x:
    let result = f x; in traceSeqN (depth + 1) { fn = name; from = x; to = result; } result;

  # The tests whose `expr` is not `expected`: those named test…, or those that `tests.tests` names.
  runTests = tests:
    let
      wanted = tests.tests or [ ];
      counts = name: if wanted == [ ] then substring 0 4 name == "test" else elem name wanted;
      failure = name: { expr, expected, ... }: lib.optional (expr != expected) { inherit name expected; result = expr; };
    in
    builtins.concatLists (lib.mapAttrsToList (name: test: lib.optionals (counts name) (failure name test)) tests);
  throwTestFailures = { failures, description ? "tests", ... }:
    let
      text = value: builtins.unsafeDiscardStringContext (show value);
      report = _: { name, expected, result }: traceVal "FAIL ${text name}:\nExpected:\n${text expected}\n\nResult:\n${text result}\n";
      names = lib.concatMapStringsSep "\n- " ({ name, ... }: name) failures;
    in
    if failures == [ ] then null
    else throw (builtins.seq (lib.foldl' report null failures)
      "${toString (builtins.length failures)} ${description} failed:\n- ${names}\n\n${builtins.toJSON failures}");
  testAllTrue = expr: { inherit expr; expected = map (_: true) expr; };
}
