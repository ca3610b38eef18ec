# Types of options: what they are called, what they hold and how two declarations of them become one. How definitions are
# checked and merged is in src/composition/modules (`native`), wherever modules of roles need the same.
lib: native:
let
  inherit (builtins) isAttrs isString match toJSON;
  inherit (lib) mkOptionType;
  inherit (lib.types) addCheck optionDescriptionPhrase str;

  simple = name: description: mkOptionType ({ inherit name description; descriptionClass = "noun"; } // native.type name { });
  isNoun = class: class == "noun";
in
import ./types/numbers.nix lib native
// import ./types/composite.nix lib native
// import ./types/submodule.nix lib native
// import ./types/choices.nix lib native
// rec {
  isType = type: value: value._type or "" == type;
  setType = _type: value: value // { inherit _type; };
  isOptionType = isType "option-type";
  mkOptionType =
    { name, description ? null, descriptionClass ? null, check ? _: true, merge ? lib.mergeDefaultOption, emptyValue ? { }
    , getSubOptions ? _: { }, getSubModules ? null, substSubModules ? _: null, typeMerge ? defaultTypeMerge functor
    , functor ? defaultFunctor name, deprecationMessage ? null, nestedTypes ? { }
    }: {
      _type = "option-type";
      inherit name check merge emptyValue getSubOptions getSubModules substSubModules typeMerge deprecationMessage nestedTypes descriptionClass functor;
      description = if description == null then name else description;
    };
  # Two types are one when they have the same name and their payloads can be put together.
  defaultFunctor = name: { inherit name; type = lib.types.${name} or null; payload = null; binOp = _: _: null; };
  defaultTypeMerge = a: b:
    let payload = a.binOp a.payload b.payload; in
    if a.name != b.name then null
    else assert (a.payload == null) == (b.payload == null);
    if a.payload == null then a.type
    else if payload == null then null
    else a.type payload;
  mergeTypes = a: b:
    let merged = a.typeMerge b.functor; in
    assert isOptionType a && isOptionType b;
    if merged == null then setType "merge-error" { error = "Cannot merge types"; } else merged;
  # A type inside the description of another, in parentheses where it would be unclear.
  optionDescriptionPhrase = plain: type:
    if plain (type.descriptionClass or null) then type.description else "(${type.description})";

  raw = simple "raw" "raw value";
  unspecified = mkOptionType { name = "unspecified"; description = "unspecified value"; descriptionClass = "noun"; };
  bool = simple "bool" "boolean";
  boolByOr = simple "boolByOr" "boolean (merged using or)";
  str = simple "str" "string";
  # Sets are merged name by name, functions by their results; all else has to be equal.
  anything = mkOptionType {
    name = "anything";
    description = "anything";
    descriptionClass = "noun";
    merge = loc: defs:
      let
        kind = value: if isAttrs value && lib.strings.isStringLike value then "text" else builtins.typeOf value;
        kinds = lib.unique (map (def: kind def.value) defs);
        results = argument: map (def: { inherit (def) file; value = def.value argument; }) defs;
      in
      if builtins.length kinds > 1 then throw "the option ${lib.showOption loc} has definitions of different types:${lib.options.showDefs defs}"
      else if kinds == [ "set" ] then (lib.types.attrsOf anything).merge loc defs
      else if kinds == [ "text" ] then lib.mergeOneOption loc defs
      else if kinds == [ "lambda" ] then argument: anything.merge (loc ++ [ "<function body>" ]) (results argument)
      else lib.mergeEqualOption loc defs;
  };
  attrs = mkOptionType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    merge = _: lib.foldl' (all: def: all // def.value) { };
    emptyValue.value = { };
  };

  nonEmptyStr = mkOptionType {
    name = "nonEmptyStr";
    description = "non-empty string";
    descriptionClass = "noun";
    check = value: str.check value && match "[ \t\n]*" value == null;
    inherit (str) merge;
  };
  strMatching = pattern: mkOptionType {
    name = "strMatching ${lib.strings.escapeNixString pattern}";
    description = "string matching the pattern ${pattern}";
    descriptionClass = "noun";
    check = value: str.check value && match pattern value != null;
    inherit (str) merge;
    functor = defaultFunctor "strMatching" // {
      type = payload: strMatching payload.pattern;
      payload = { inherit pattern; };
      binOp = a: b: if a == b then a else null;
    };
  };
  singleLineStr =
    let line = strMatching "[^\n\r]*\n?"; in
    mkOptionType {
      name = "singleLineStr";
      description = "(optionally newline-terminated) single-line string";
      descriptionClass = "noun";
      inherit (line) check;
      merge = loc: defs: lib.removeSuffix "\n" (line.merge loc defs);
    };
  separatedString = sep: mkOptionType (native.type "separatedString" { inherit sep; } // {
    name = "separatedString";
    description = "strings concatenated with ${toJSON sep}";
    descriptionClass = "noun";
    functor = defaultFunctor "separatedString" // {
      payload = { inherit sep; };
      type = payload: separatedString payload.sep;
      binOp = a: b: if a.sep == b.sep then a else null;
    };
  });
  lines = separatedString "\n";
  commas = separatedString ",";
  envVar = separatedString ":";
  passwdEntry = type: addCheck type (text: !(lib.hasInfix ":" text || lib.hasInfix "\n" text)) // {
    name = "passwdEntry ${type.name}";
    description = "${optionDescriptionPhrase isNoun type}, not containing newlines or colons";
    descriptionClass = "nonRestrictiveClause";
  };
  luaInline = mkOptionType {
    name = "luaInline";
    description = "inline lua";
    descriptionClass = "noun";
    check = value: value._type or null == "lua-inline";
    merge = lib.mergeEqualOption;
  };

  package = mkOptionType ({ name = "package"; descriptionClass = "noun"; } // native.type "package" { });
  shellPackage = package // { check = value: lib.isDerivation value && value ? shellPath; };
  pkgs = addCheck
    (lib.types.unique { message = "Two sets of packages cannot be merged."; } attrs // {
      name = "pkgs";
      descriptionClass = "noun";
      description = "Nixpkgs package set";
    })
    (value: value._type or null == "pkgs");
  fileset = mkOptionType {
    name = "fileset";
    description = "fileset";
    descriptionClass = "noun";
    check = lib.fileset.isFileset;
    merge = _: defs: lib.fileset.unions (lib.options.getValues defs);
    emptyValue.value = lib.fileset.empty;
  };
  path = pathWith { absolute = true; };
  pathInStore = pathWith { inStore = true; };
  externalPath = pathWith { absolute = true; inStore = false; };
  pathWith = { inStore ? null, absolute ? null }:
    if inStore == true && absolute == false then throw "lib.types.pathWith: a path in the store is absolute"
    else mkOptionType (native.type "path" { inherit inStore absolute; } // {
      name = "path";
      description = lib.optionalString (absolute != null) (if absolute then "absolute " else "relative ") + "path"
        + lib.optionalString (inStore != null) (if inStore then " in the Nix store" else " not in the Nix store");
      descriptionClass = "noun";
      functor = defaultFunctor "path" // {
        type = pathWith;
        payload = { inherit inStore absolute; };
        binOp = a: b: if a == b then a else null;
      };
    });

  optionDeclaration = mkOptionType {
    name = "optionDeclaration";
    description = "option declaration";
    descriptionClass = "noun";
    check = option: isType "option" option && !(option ? value);
  };
  optionType = mkOptionType {
    name = "optionType";
    description = "optionType";
    descriptionClass = "noun";
    check = isType "option-type";
    merge = loc: defs: lib.foldl
      (type: def:
        let merged = type.typeMerge def.value.functor; in
        if merged != null then merged else throw "the types of the option ${lib.showOption loc} cannot be merged:${lib.options.showDefs defs}")
      (builtins.head defs).value
      (builtins.tail defs);
  };

  json = serializableValueWith { typeName = "JSON"; };
  toml = serializableValueWith { typeName = "TOML"; nullable = false; };
  serializableValueWith = { typeName, nullable ? true }:
    let
      inherit (lib.types) attrsOf bool float int listOf nullOr oneOf path str;
      base = oneOf [ bool int float str path (attrsOf value) (listOf value) ];
      value = (if nullable then nullOr base else base) // { description = "${typeName} value"; };
    in
    value;
  types = lib.types;
}
