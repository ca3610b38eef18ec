# Types of options: data that src/composition/modules/types.ts gives its meaning.
lib:
let
  type = name: parts: parts // { _type = "option-type"; inherit name; };
in
rec {
  raw = type "raw" { };
  unspecified = type "unspecified" { };
  anything = type "anything" { };
  bool = type "bool" { };
  boolByOr = type "boolByOr" { };
  int = type "int" { };
  float = type "float" { };
  number = either int float;
  str = type "str" { };
  string = str;
  nonEmptyStr = strMatching ".*[^ \t\r\n].*";
  singleLineStr = strMatching "[^\n\r]*\n?";
  strMatching = pattern: type "strMatching" { inherit pattern; };
  passwdEntry = base: base;
  lines = separatedString "\n";
  commas = separatedString ",";
  envVar = separatedString ":";
  separatedString = separator: type "separatedString" { inherit separator; };
  path = type "path" { };
  pathInStore = path;
  package = type "package" { };
  shellPackage = package;
  attrs = type "attrs" { };
  enum = values: type "enum" { inherit values; };
  port = ints.between 0 65535;
  ints = {
    between = lowest: highest: type "intBetween" { inherit lowest highest; };
    positive = type "intBetween" { lowest = 1; };
    unsigned = type "intBetween" { lowest = 0; };
    u8 = ints.between 0 255;
    u16 = ints.between 0 65535;
    u32 = ints.between 0 4294967295;
    s8 = ints.between (-128) 127;
    s16 = ints.between (-32768) 32767;
    s32 = ints.between (-2147483648) 2147483647;
  };
  numbers = { positive = number; nonnegative = number; between = _: _: number; };

  listOf = elem: type "listOf" { inherit elem; };
  nonEmptyListOf = elem: addCheck (listOf elem) (list: list != [ ]);
  attrsOf = elem: type "attrsOf" { inherit elem; };
  lazyAttrsOf = attrsOf;
  loaOf = attrsOf;
  nullOr = elem: type "nullOr" { inherit elem; };
  uniq = elem: type "uniq" { inherit elem; };
  unique = { message ? "", ... }: uniq;
  functionTo = elem: type "functionTo" { inherit elem; };
  either = a: b: oneOf [ a b ];
  oneOf = alternatives: type "oneOf" { inherit alternatives; };
  coercedTo = from: convert: to: type "coercedTo" { inherit from convert to; };
  submodule = module: type "submodule" { modules = lib.toList module; };
  submoduleWith = { modules, ... }: type "submodule" { inherit modules; };
  deferredModule = type "raw" { };
  optionType = type "raw" { };
  addCheck = base: check: type "checked" { inherit base check; };
  mkOptionType = { name, check ? _: true, merge ? null, description ? name, ... }:
    type "custom" { inherit check merge description; };
}
