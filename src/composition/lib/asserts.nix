# Checks with a message of one's own.
lib:
rec {
  assertMsg = condition: message: if condition then true else throw message;
  assertOneOf = name: value: values:
    assertMsg (builtins.elem value values) "${name} must be one of ${builtins.toJSON values}, and is ${builtins.toJSON value}";
  assertEachOneOf = name: list: values: lib.all (value: assertOneOf name value values) list;
}
