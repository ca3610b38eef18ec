# Property lists, as macOS reads them.
lib:
{ escape ? false }:
let
  inherit (builtins) concatStringsSep isAttrs isBool isFloat isInt isList isPath isString;

  text = if escape then lib.escapeXML else lib.id;
  tagged = tag: content: "<${tag}>${content}</${tag}>";
  group = indent: tag: lines: concatStringsSep "\n" [ "${indent}<${tag}>" (concatStringsSep "\n" lines) "${indent}</${tag}>" ];

  show = indent: value:
    let
      deeper = "\t${indent}";
      attribute = name: x: lib.optionals (name != "_module" && x != null) [ (deeper + tagged "key" (text name)) (show deeper x) ];
    in
    if value == null then ""
    else if isBool value then "${indent}<${lib.boolToString value}/>"
    else if isInt value then indent + tagged "integer" (toString value)
    else if isString value then indent + tagged "string" (text value)
    else if isList value then group indent "array" (map (show deeper) value)
    else if isAttrs value then group indent "dict" (builtins.concatLists (lib.mapAttrsToList attribute value))
    else if isPath value then indent + tagged "string" (text (toString value))
    else if isFloat value then indent + tagged "real" (toString value)
    else abort "lib.generators.toPlist: a ${builtins.typeOf value} has no place in a property list";

  document = value: ''
    <?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
    <plist version="1.0">
    ${show "" value}
    </plist>'';
in
value: lib.warnIf (!escape) "lib.generators.toPlist without escape = true is deprecated" (document value)
