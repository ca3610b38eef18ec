# Values shown while evaluation goes on.
lib:
rec {
  inherit (builtins) trace;
  traceVal = x: builtins.trace x x;
  traceValFn = f: x: builtins.trace (f x) x;
  traceSeq = x: y: builtins.trace (builtins.deepSeq x x) y;
  traceValSeq = x: traceSeq x x;
  traceValSeqFn = f: x: traceSeq (f x) x;
  # All of the value, however deep it is.
  traceSeqN = _: traceSeq;
  traceValSeqN = _: traceValSeq;
  traceIf = condition: message: value: if condition then builtins.trace message value else value;
}
