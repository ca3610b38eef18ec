# Types of numbers.
lib: native:
let
  inherit (builtins) toJSON;
  inherit (lib.types) addCheck either float int number;

  simple = name: description: lib.mkOptionType ({ inherit name description; descriptionClass = "noun"; } // native.type name { });
  between = show: lowest: highest: "between ${show lowest} and ${show highest} (both inclusive)";
  restricted = type: name: description: check: addCheck type check // { inherit name description; descriptionClass = "nonRestrictiveClause"; };
  ordered = name: lowest: highest: type:
    if lowest <= highest then type else throw "lib.types.${name}.between: the lowest number is greater than the highest";
  inRange = lowest: highest: x: x >= lowest && x <= highest;
  bits = name: n: lowest: highest: ints.between lowest highest // {
    name = "${name}Int${toString n}";
    description = "${toString n} bit ${name} integer; ${between toString lowest highest}";
  };
  unsigned = n: size: bits "unsigned" n 0 (size - 1);
  signed = n: size: bits "signed" n (-size / 2) (size / 2 - 1);
  ints = {
    between = lowest: highest: ordered "ints" lowest highest (addCheck int (inRange lowest highest) // {
      name = "intBetween";
      description = "integer ${between toString lowest highest}";
    });
    unsigned = restricted int "unsignedInt" "unsigned integer, meaning >=0" (x: x >= 0);
    positive = restricted int "positiveInt" "positive integer, meaning >0" (x: x > 0);
    u8 = unsigned 8 256;
    u16 = unsigned 16 65536;
    u32 = unsigned 32 4294967296;
    s8 = signed 8 256;
    s16 = signed 16 65536;
    s32 = signed 32 4294967296;
  };
in
{
  inherit ints;
  int = simple "int" "signed integer";
  float = simple "float" "floating point number";
  number = either int float;
  port = ints.u16;
  numbers = {
    between = lowest: highest: ordered "numbers" lowest highest (addCheck number (inRange lowest highest) // {
      name = "numberBetween";
      description = "integer or floating point number ${between toJSON lowest highest}";
    });
    nonnegative = restricted number "numberNonnegative" "nonnegative integer or floating point number, meaning >=0" (x: x >= 0);
    positive = restricted number "numberPositive" "positive integer or floating point number, meaning >0" (x: x > 0);
  };
}
