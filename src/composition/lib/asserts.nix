# Checks with a message of one's own.
lib:
let
  show = lib.generators.toPretty { };
in
rec {
  assertMsg = condition: message: condition || throw message;
  assertOneOf = name: value: values:
    assertMsg (builtins.elem value values) "${name} must be one of ${show values}, but is: ${show value}";
  assertEachOneOf = name: list: values:
    assertMsg (lib.all (value: builtins.elem value values) list) "each element in ${name} must be one of ${show values}, but is: ${show list}";
  checkAssertWarn = assertions: warnings: value:
    let failed = builtins.filter ({ assertion, ... }: !assertion) assertions; in
    if failed == [ ] then lib.showWarnings warnings value
    else throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" ({ message, ... }: "- ${message}") failed}";
}
