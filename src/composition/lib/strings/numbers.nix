# Numbers in texts, and what a text can be made of.
lib:
let
  inherit (builtins) fromJSON head isInt match typeOf;

  refuse = name: text: throw "lib.strings.${name}: ${lib.strings.escapeNixString text} is not a whole number";
  # The number in a text that begins with the pattern `padding` after its blanks.
  read = name: padding: text:
    let
      found = match "[[:space:]]*${padding}(-?[[:digit:]]+)[[:space:]]*" text;
      digits = head found;
      value = fromJSON digits;
    in
    if found == null then refuse name text
    else if match "0[[:digit:]]+" digits != null then
      throw "lib.strings.${name}: ${lib.strings.escapeNixString text} may be padded with zeros or octal; lib.toIntBase10 takes it as padded"
    else if !isInt value then refuse name text
    else value;
in
rec {
  toInt = read "toInt" "";
  toIntBase10 = text:
    if match "[[:space:]]*0+[[:space:]]*" text != null then 0 else read "toIntBase10" "0*" text;
  floatToString = float:
    let text = toString float; in
    lib.warnIf (float != fromJSON text) "lib.strings.floatToString: ${text} is not the whole number" text;

  isStringLike = x: builtins.isString x || builtins.isPath x || x ? outPath || x ? __toString;
  isConvertibleWithToString = x:
    isStringLike x
    || builtins.elem (typeOf x) [ "null" "int" "float" "bool" ]
    || (builtins.isList x && lib.all isConvertibleWithToString x);
  isStorePath = x:
    let text = toString x; in
    isStringLike x
    && builtins.substring 0 1 text == "/"
    # Also as derivations name outputs of content-addressed ones, whose path is not known yet.
    && (dirOf text == builtins.storeDir || match "/[0-9a-z]{52}" text != null);
}
