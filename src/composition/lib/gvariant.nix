# Values of GLib's GVariant, as dconf keeps them (https://docs.gtk.org/glib/gvariant-text-format.html).
lib:
let
  inherit (builtins) head isAttrs isBool isFloat isInt isList isString typeOf;

  make = show: type: value: { _type = "gvariant"; inherit type value; __toString = show; };
  annotated = make (self: "@${self.type} ${toString self.value}");
  plain = make (self: toString self.value);
  commas = lib.concatMapStringsSep "," toString;

  integer = name: min: max: { inherit name min max; type = type.${names.${name}}; };
  names = {
    mkInt32 = "int32"; mkUint32 = "uint32"; mkInt64 = "int64"; mkUint64 = "uint64";
    mkInt16 = "int16"; mkUint16 = "uint16"; mkUchar = "uchar";
  };
  type = {
    arrayOf = t: "a${t}";
    maybeOf = t: "m${t}";
    tupleOf = ts: "(${lib.concatStrings ts})";
    dictionaryEntryOf = key: value: "{${key}${value}}";
    string = "s";
    boolean = "b";
    uchar = "y";
    int16 = "n";
    uint16 = "q";
    int32 = "i";
    uint32 = "u";
    int64 = "x";
    uint64 = "t";
    double = "d";
    variant = "v";
  };
in
rec {
  inherit type;

  isGVariant = value: value._type or "" == "gvariant";
  intConstructors = [
    (integer "mkInt32" (-2147483648) 2147483647)
    (integer "mkUint32" 0 4294967295)
    (integer "mkInt64" null null)
    (integer "mkUint64" 0 null)
    (integer "mkInt16" (-32768) 32767)
    (integer "mkUint16" 0 65535)
    (integer "mkUchar" 0 255)
  ];

  mkValue = value:
    let
      fits = { min, max, ... }: (min == null || min <= value) && (max == null || value <= max);
      choices = lib.concatMapStringsSep ", " ({ name, type, ... }: "lib.gvariant.${name} (${type})") (builtins.filter fits intConstructors);
    in
    if isBool value then mkBoolean value
    else if isFloat value then mkDouble value
    else if isString value then mkString value
    else if isList value then mkArray value
    else if isGVariant value then value
    else if isInt value then throw "lib.gvariant.mkValue: the number ${toString value} has several types of GVariant; use one of ${choices}"
    else if isAttrs value then throw "lib.gvariant.mkValue: a set is no value of GVariant; a dictionary is a list of lib.gvariant.mkDictionaryEntry"
    else throw "lib.gvariant.mkValue: a ${typeOf value} is no value of GVariant";

  mkArray = items:
    let
      values = map mkValue items;
      item = (head values).type;
      elemType =
        if items == [ ] then throw "lib.gvariant.mkArray: the list is empty; use lib.gvariant.mkEmptyArray"
        else if lib.all (value: value.type == item) values then item
        else throw "lib.gvariant.mkArray: the items have different types";
    in
    make (self: "@${self.type} [${commas self.value}]") (type.arrayOf elemType) (builtins.seq elemType values);
  mkEmptyArray = elemType: make (self: "@${self.type} []") (type.arrayOf elemType) [ ];
  mkVariant = item: make (self: "<${toString self.value}>") type.variant (mkValue item);
  mkDictionaryEntry = name: value:
    let key = mkValue name; content = mkValue value; in
    make (self: "@${self.type} {${key},${content}}") (type.dictionaryEntryOf key.type content.type) { inherit name value; };
  mkMaybe = elemType: make
    (self: if self.value == null then "@${self.type} nothing" else "just ${toString self.value}")
    (type.maybeOf elemType);
  mkNothing = elemType: mkMaybe elemType null;
  mkJust = item: let value = mkValue item; in mkMaybe value.type value;
  mkTuple = items:
    let values = map mkValue items; in
    make (self: "@${self.type} (${commas self.value})") (type.tupleOf (map (value: value.type) values)) values;

  mkBoolean = make (self: lib.boolToString self.value) type.boolean;
  mkString = make
    (self: "'${lib.replaceString "\n" "\\n" (lib.escape [ "'" "\\" ] self.value)}'")
    type.string;
  mkObjectpath = make (self: "objectpath '${lib.escape [ "'" ] self.value}'") type.string;
  mkUchar = annotated type.uchar;
  mkInt16 = annotated type.int16;
  mkUint16 = annotated type.uint16;
  mkInt32 = plain type.int32;
  mkUint32 = annotated type.uint32;
  mkInt64 = annotated type.int64;
  mkUint64 = annotated type.uint64;
  mkDouble = plain type.double;
}
