# Types that are one of several.
lib: native:
let
  inherit (builtins) attrNames elemAt head isAttrs length;
  inherit (lib.types) defaultFunctor mkOptionType optionDescriptionPhrase;

  phrase = classes: optionDescriptionPhrase (class: builtins.elem class classes);
  show = value:
    if builtins.isString value then "\"${value}\""
    else if builtins.isInt value then toString value
    else if builtins.isBool value then lib.boolToString value
    else "<${builtins.typeOf value}>";
in
rec {
  enum = values: mkOptionType (native.type "enum" { inherit values; } // {
    name = "enum";
    description =
      if values == [ ] then "impossible (empty enum)"
      else if length values == 1 then "value ${show (head values)} (singular enum)"
      else "one of ${lib.concatMapStringsSep ", " show values}";
    descriptionClass = if length values < 2 then "noun" else "conjunction";
    functor = defaultFunctor "enum" // {
      payload = { inherit values; };
      type = payload: enum payload.values;
      binOp = a: b: { values = lib.unique (a.values ++ b.values); };
    };
  });

  either = left: right: mkOptionType (native.type "either" { inherit left right; } // rec {
    name = "either";
    description =
      if left.descriptionClass or null == "nonRestrictiveClause" then "${left.description}, or ${phrase [ "noun" "conjunction" ] right}"
      else "${phrase [ "noun" "conjunction" ] left} or ${phrase [ "noun" "conjunction" "composite" ] right}";
    descriptionClass = "conjunction";
    typeMerge = other:
      let
        part = i: type: type.typeMerge (elemAt other.payload.elemType i).functor;
        merged = [ (part 0 left) (part 1 right) ];
      in
      if other.name != name || builtins.elem null merged then null else either (head merged) (elemAt merged 1);
    functor = defaultFunctor name // { payload.elemType = [ left right ]; type = either; };
    nestedTypes = { inherit left right; };
  });
  oneOf = types:
    if types == [ ] then throw "lib.types.oneOf: the list of types is empty"
    else lib.foldl' either (head types) (builtins.tail types);

  coercedTo = from: convert: to:
    if from.getSubModules != null then throw "lib.types.coercedTo: values of ${from.description} have modules in them, and cannot be converted"
    else mkOptionType (native.type "coercedTo" { inherit from convert to; } // {
      name = "coercedTo";
      description = "${phrase [ "noun" ] to} or ${phrase [ "noun" ] from} convertible to it";
      inherit (to) emptyValue getSubOptions getSubModules;
      substSubModules = modules: coercedTo from convert (to.substSubModules modules);
      typeMerge = _: null;
      functor = defaultFunctor "coercedTo";
      nestedTypes = { coercedType = from; finalType = to; };
    });

  # A set with one attribute, whose name says which of the options its value is for.
  attrTag = tags:
    let
      place = name: builtins.unsafeGetAttrPos name tags;
      checked = name: option:
        if option._type or null == "option" then
          { declarationPositions = lib.optional (place name != null) (place name); declarations = map (at: at.file) (lib.optional (place name != null) (place name)); } // option
        else throw "lib.types.attrTag: the tag ${lib.strings.escapeNixIdentifier name} has to be an option${
          if option._type or null == "option-type" then ", and is a bare type: put lib.mkOption around it"
          else lib.optionalString (option ? _type) ", and is a ${option._type}"}";
      options = builtins.mapAttrs checked tags;
      choices = lib.concatMapStringsSep ", " lib.strings.escapeNixIdentifier (attrNames tags);
      name = value: head (attrNames value);
    in
    mkOptionType {
      name = "attrTag";
      description = "attribute-tagged union with choices: ${choices}";
      descriptionClass = "noun";
      getSubOptions = prefix: builtins.mapAttrs (tag: option: option // { loc = prefix ++ [ tag ]; }) options;
      check = value: isAttrs value && length (attrNames value) == 1 && tags ? ${name value};
      merge = loc: defs:
        let
          tag = name (head defs).value;
          inner = { file, value, ... }:
            if name value == tag then { inherit file; value = value.${tag}; }
            else throw "the option ${lib.showOption loc} is defined as ${tag} and as ${name value}, in ${lib.options.showFiles (lib.options.getFiles defs)}";
          option = options.${tag};
          merged = (lib.modules.mergeDefinitions (loc ++ [ tag ]) (option.type or lib.types.unspecified) (map inner defs)).mergedValue;
        in
        { ${tag} = if option ? apply then option.apply merged else merged; };
      nestedTypes = options;
      functor = defaultFunctor "attrTag" // {
        payload = { tags = options; };
        type = { tags, ... }: attrTag tags;
        binOp = a: b: {
          tags = a.tags // b.tags // builtins.mapAttrs
            (tag: second:
              let
                first = a.tags.${tag};
                type = first.type.typeMerge second.type.functor;
              in
              if type == null then throw "the tag ${tag} is declared twice, with types that cannot be merged"
              else second // first // {
                inherit type;
                declarations = first.declarations ++ second.declarations;
                declarationPositions = first.declarationPositions ++ second.declarationPositions;
              })
            (builtins.intersectAttrs a.tags b.tags);
        };
      };
    };
}
