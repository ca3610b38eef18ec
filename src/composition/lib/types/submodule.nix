# Types whose definitions are modules.
lib: native:
let
  inherit (lib.types) defaultFunctor mkOptionType optionDescriptionPhrase;

  isModule = value: builtins.isAttrs value || lib.isFunction value || lib.types.path.check value;
  # What both say, or what the one says that says something.
  agreed = what: a: b:
    if a == null then b
    else if b == null || a == b then a
    else throw "an option is declared several times as a submodule, with different ${what}";
in
rec {
  noCheckForDocsModule = { config._module.check = lib.mkForce false; _file = "<lib.types.noCheckForDocsModule>"; };
  submodule = modules: submoduleWith { shorthandOnlyDefinesConfig = true; modules = lib.toList modules; };
  submoduleWith = { modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? false, description ? null, class ? null }@how:
    let
      base = lib.evalModules {
        inherit class specialArgs;
        modules = [ { _module.args.name = lib.mkOptionDefault "‹name›"; } ] ++ modules;
      };
      documented = prefix: base.extendModules { inherit prefix; modules = [ lib.types.noCheckForDocsModule ]; };
      freeform = (documented [ ])._module.freeformType;
    in
    mkOptionType (native.type "submodule" { inherit modules specialArgs shorthandOnlyDefinesConfig class; } // {
      name = "submodule";
      description =
        if description != null then description
        else if freeform ? description then "open submodule of ${optionDescriptionPhrase (class: builtins.elem class [ "noun" "composite" ]) freeform}"
        else "submodule";
      emptyValue.value = base.config;
      getSubOptions = prefix:
        let evaluated = documented prefix; in
        evaluated.options
        // lib.optionalAttrs (evaluated._module.freeformType != null) { _freeformOptions = evaluated._module.freeformType.getSubOptions prefix; };
      getSubModules = modules;
      substSubModules = modules: submoduleWith (how // { inherit modules; });
      nestedTypes = lib.optionalAttrs (base._module.freeformType != null) { inherit (base._module) freeformType; };
      functor = defaultFunctor "submodule" // {
        type = submoduleWith;
        payload = { inherit modules class specialArgs shorthandOnlyDefinesConfig description; };
        binOp = a: b: {
          modules = a.modules ++ b.modules;
          class = agreed "classes" a.class b.class;
          description = agreed "descriptions" a.description b.description;
          shorthandOnlyDefinesConfig = agreed "values of shorthandOnlyDefinesConfig" a.shorthandOnlyDefinesConfig b.shorthandOnlyDefinesConfig;
          specialArgs =
            let both = builtins.attrNames (builtins.intersectAttrs a.specialArgs b.specialArgs); in
            if both == [ ] then a.specialArgs // b.specialArgs
            else throw "an option is declared several times as a submodule, with the same specialArgs: ${toString both}";
        };
      };
    });

  # Modules that somebody else evaluates.
  deferredModule = deferredModuleWith { };
  deferredModuleWith = { staticModules ? [ ] }@how: mkOptionType {
    name = "deferredModule";
    description = "module";
    descriptionClass = "noun";
    check = isModule;
    merge = loc: defs: {
      imports = staticModules
        ++ map (def: lib.setDefaultModuleLocation "${def.file}, via option ${lib.showOption loc}" def.value) defs;
    };
    inherit (submoduleWith { modules = staticModules; }) getSubOptions getSubModules;
    substSubModules = modules: deferredModuleWith (how // { staticModules = modules; });
    functor = defaultFunctor "deferredModuleWith" // {
      type = deferredModuleWith;
      payload = { inherit staticModules; };
      binOp = a: b: { staticModules = a.staticModules ++ b.staticModules; };
    };
  };
}
