# Types that hold others: lists, sets, functions, null.
lib: native:
let
  inherit (lib.types) addCheck defaultFunctor mkOptionType optionDescriptionPhrase;

  isOneOf = classes: class: builtins.elem class classes;
  phrase = classes: optionDescriptionPhrase (isOneOf classes);
  # Declared twice, such a type is one whose inner types are one.
  holding = name: elemType: make: defaultFunctor name // {
    payload = { inherit elemType; };
    type = payload: make payload.elemType;
    binOp = a: b:
      let merged = a.elemType.typeMerge b.elemType.functor; in
      if merged == null then null else { elemType = merged; };
  };
in
rec {
  listOf = elemType: mkOptionType (native.type "listOf" { inherit elemType; } // {
    name = "listOf";
    description = "list of ${phrase [ "noun" "composite" ] elemType}";
    descriptionClass = "composite";
    emptyValue.value = [ ];
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
    inherit (elemType) getSubModules;
    substSubModules = modules: listOf (elemType.substSubModules modules);
    functor = holding "listOf" elemType listOf;
    nestedTypes.elemType = elemType;
  });
  nonEmptyListOf = elemType:
    let list = addCheck (listOf elemType) (items: items != [ ]); in
    list // {
      description = "non-empty ${phrase [ "noun" ] list}";
      emptyValue = { };
      substSubModules = modules: nonEmptyListOf (elemType.substSubModules modules);
    };

  attrsOf = elemType: attrsWith { inherit elemType; };
  lazyAttrsOf = elemType: attrsWith { inherit elemType; lazy = true; };
  attrsWith = { elemType, lazy ? false, placeholder ? "name" }:
    let
      agreed = a: b: if a == b then a else null;
      names = a: b: if a == "name" then b else if b == "name" then a else agreed a b;
    in
    mkOptionType (native.type "attrsOf" { inherit elemType lazy; } // {
      name = if lazy then "lazyAttrsOf" else "attrsOf";
      description = "${lib.optionalString lazy "lazy "}attribute set of ${phrase [ "noun" "composite" ] elemType}";
      descriptionClass = "composite";
      emptyValue.value = { };
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<${placeholder}>" ]);
      inherit (elemType) getSubModules;
      substSubModules = modules: attrsWith { elemType = elemType.substSubModules modules; inherit lazy placeholder; };
      functor = holding "attrsWith" elemType attrsWith // {
        type = attrsWith;
        payload = { inherit elemType lazy placeholder; };
        binOp = a: b:
          let
            merged = {
              elemType = a.elemType.typeMerge b.elemType.functor;
              lazy = agreed a.lazy b.lazy;
              placeholder = names a.placeholder b.placeholder;
            };
          in
          if lib.any (part: part == null) [ merged.elemType merged.lazy merged.placeholder ] then null else merged;
      };
      nestedTypes.elemType = elemType;
    });
  loaOf = elemType: attrsOf elemType // {
    name = "loaOf";
    deprecationMessage = "Lists cannot be mixed with sets any more: use `types.attrsOf`.";
  };

  # Attributes in an order: each item is a set of one, or the definition is a set.
  attrListOf = elemType: attrListWith { inherit elemType; };
  attrListWith = { elemType, asAttrs ? false, mergeAttrValues ? _: values: values }: mkOptionType {
    name = "attrListOf";
    description = "attribute list of ${phrase [ "noun" "composite" ] elemType}";
    descriptionClass = "composite";
    check = value: builtins.isList value || builtins.isAttrs value;
    merge = loc: defs:
      let
        mark = value: value._type or null;
        # The value, with the marks of order and override around it taken note of.
        peel = value:
          let inner = peel value.content; in
          if mark value == "order" then inner // { order = value.priority; }
          else if mark value == "override" then inner // { priority = value.priority; }
          else { inherit value; order = lib.modules.defaultOrderPriority; priority = lib.modules.defaultOverridePriority; };
        single = file: item:
          let
            ordered = mark item == "order";
            set = if ordered then item.content else item;
            key = builtins.head (builtins.attrNames set);
            peeled = peel set.${key};
          in
          if builtins.isAttrs set && builtins.length (builtins.attrNames set) == 1 then
            peeled // { inherit file key; } // lib.optionalAttrs ordered { order = item.priority; }
          else throw "the option ${lib.showOption loc} is a list of sets with one attribute each:${lib.options.showDefs [ { inherit file; value = item; } ]}";
        itemsOf = { file, value, ... }:
          if builtins.isList value then map (single file) value
          else map (key: peel value.${key} // { inherit file key; }) (builtins.attrNames value);
        all = builtins.concatMap itemsOf defs;
        strongest = builtins.mapAttrs (_: items: lib.foldl' lib.min lib.modules.defaultOverridePriority (map (item: item.priority) items))
          (builtins.groupBy (item: item.key) all);
        items = builtins.sort (a: b: a.order < b.order) (builtins.filter (item: item.priority == strongest.${item.key}) all);
        merged = { key, file, value, ... }: { inherit key; } // (lib.modules.mergeDefinitions (loc ++ [ key ]) elemType [ { inherit file value; } ]).optionalValue;
        result = map ({ key, value, ... }: { ${key} = value; }) (builtins.filter (item: item ? value) (map merged items));
      in
      if asAttrs then builtins.zipAttrsWith mergeAttrValues result else result;
    emptyValue.value = if asAttrs then { } else [ ];
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
    inherit (elemType) getSubModules;
    substSubModules = modules: attrListWith { elemType = elemType.substSubModules modules; inherit asAttrs mergeAttrValues; };
    typeMerge = _: null;
    nestedTypes.elemType = elemType;
  };

  uniq = unique { message = ""; };
  unique = { message }: type: mkOptionType (native.type "unique" { elemType = type; inherit message; } // {
    name = "unique";
    inherit (type) description descriptionClass emptyValue getSubOptions getSubModules;
    substSubModules = modules: uniq (type.substSubModules modules);
    functor = holding "unique" type (unique { inherit message; });
    nestedTypes.elemType = type;
  });
  nullOr = elemType: mkOptionType (native.type "nullOr" { inherit elemType; } // {
    name = "nullOr";
    description = "null or ${phrase [ "noun" "conjunction" ] elemType}";
    descriptionClass = "conjunction";
    emptyValue.value = null;
    inherit (elemType) getSubOptions getSubModules;
    substSubModules = modules: nullOr (elemType.substSubModules modules);
    functor = holding "nullOr" elemType nullOr;
    nestedTypes.elemType = elemType;
  });
  functionTo = elemType: mkOptionType (native.type "functionTo" { inherit elemType; } // {
    name = "functionTo";
    description = "function that evaluates to a(n) ${phrase [ "noun" "composite" ] elemType}";
    descriptionClass = "composite";
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<function body>" ]);
    inherit (elemType) getSubModules;
    substSubModules = modules: functionTo (elemType.substSubModules modules);
    functor = holding "functionTo" elemType functionTo;
    nestedTypes.elemType = elemType;
  });
  addCheck = type: check: type // { check = value: type.check value && check value; };
}
