# Values shown while evaluation goes on.
lib:
rec {
  inherit (builtins) trace;
  traceVal = x: builtins.trace x x;
  traceValFn = f: x: builtins.trace (f x) x;
  traceSeq = x: y: builtins.trace (builtins.deepSeq x x) y;
  traceValSeq = x: traceSeq x x;
  traceIf = condition: message: value: if condition then builtins.trace message value else value;
}
