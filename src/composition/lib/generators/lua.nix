# Values as Lua writes them.
lib:
let
  inherit (builtins) attrNames concatStringsSep isAttrs isBool isFloat isInt isList isPath isString toJSON;

  # Also `vim.opt.number`.
  isName = name: builtins.match "[[:alpha:]_][[:alnum:]_]*(\\.[[:alpha:]_][[:alnum:]_]*)*" name != null;
in
rec {
  mkLuaInline = expr: { _type = "lua-inline"; inherit expr; };

  toLua = { multiline ? true, indent ? "", asBindings ? false }@how: value:
    let
      deeper = "${indent}  ";
      open = if multiline then "\n${deeper}" else " ";
      close = if multiline then "\n${indent}" else " ";
      inner = toLua (how // { indent = if asBindings then indent else deeper; asBindings = false; });
      table = items: if items == [ ] then "{}" else "{${open}${concatStringsSep ",${open}" items}${close}}";
      wrong = builtins.filter (name: !isName name) (attrNames value);
      bindings =
        if wrong != [ ] then throw "lib.generators.toLua: these are no names of variables: ${lib.generators.toPretty { } wrong}"
        else lib.concatMapAttrsStringSep "" (name: x: "${indent}${name} = ${inner x}\n") value;
    in
    if asBindings then bindings
    else if value == null then "nil"
    else if isInt value || isFloat value || isString value || isBool value then toJSON value
    else if isPath value || lib.isDerivation value then toJSON "${value}"
    else if isList value then table (map inner value)
    else if value._type or null == "lua-inline" then "(${value.expr})"
    else if isAttrs value then table (lib.mapAttrsToList (name: x: "[${toJSON name}] = ${inner x}") value)
    else abort "lib.generators.toLua: Lua has no ${builtins.typeOf value} of Nix";
}
