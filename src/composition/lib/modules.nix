# The module system: what evaluates modules is src/composition/modules, which composition's roles go through too; here are
# the marks around definitions that it reads, and modules that rename or remove options.
lib: native:
let
  inherit (lib) attrByPath getAttrFromPath mkOption optional optionalAttrs setAttrByPath showFiles showOption;

  typeOfMark = value: value._type or "";
  unset = "_mkMergedOptionModule";
  renamed = from: to: "The option `${showOption from}' is now `${showOption to}'.";
in
rec {
  inherit (native) mergeDefinitions;

  evalModules = { modules, prefix ? [ ], specialArgs ? { }, class ? null, args ? { }, check ? true }@given:
    let
      old = name: lib.warnIf (given ? ${name}) "the argument `${name}` of lib.evalModules is deprecated: define _module.${name}";
      own = optional (given ? args) { _module.args = args; } ++ optional (given ? check) { _module.check = mkDefault check; };
      regular = modules ++ own;
      evaluated = native.evaluate {
        inherit prefix class;
        modules = regular ++ [{
          _file = "lib/modules.nix";
          key = "lib/modules.nix";
          _module = { args = { inherit extendModules; moduleType = type; }; inherit specialArgs; };
        }];
        specialArgs = { inherit lib specialArgs; _class = class; _prefix = prefix; } // specialArgs;
      };
      # The same modules and more.
      extendModules = { modules ? [ ], specialArgs ? { }, prefix ? [ ] }@more: evalModules (given // {
        modules = regular ++ modules;
        specialArgs = given.specialArgs or { } // specialArgs;
        prefix = more.prefix or given.prefix or [ ];
      });
      type = lib.types.submoduleWith { inherit modules specialArgs class; };
    in
    old "args" (old "check" {
      _type = "configuration";
      inherit (evaluated) config options _module;
      inherit extendModules type class;
    });

  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkAssert = assertion: message: mkIf (if assertion then true else throw "\nFailed assertion: ${message}");
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkDefinition = { file, value, ... }@definition: definition // { _type = "definition"; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  defaultOverridePriority = 100;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkFixStrictness = lib.warn "lib.mkFixStrictness does nothing: leave it out" lib.id;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  defaultOrderPriority = 1000;
  mkAfter = mkOrder 1500;
  # The value inside all marks, changed.
  mapDefinitionValue = f: value:
    let inner = mapDefinitionValue f; type = typeOfMark value; in
    if type == "merge" then value // { contents = map inner value.contents; }
    else if builtins.elem type [ "if" "override" "order" ] then value // { content = inner value.content; }
    else if type == "definition" then value // { value = inner value.value; }
    else f value;

  # Definitions with their priorities, as { file, value }.
  filterOverrides = defs: (filterOverrides' defs).values;
  filterOverrides' = defs:
    let
      isOverride = { value, ... }: typeOfMark value == "override";
      priorityOf = def: if isOverride def then def.value.priority else defaultOverridePriority;
      strip = def: if isOverride def then def // { value = def.value.content; } else def;
      highestPrio = lib.foldl' (lowest: def: lib.min (priorityOf def) lowest) 9999 defs;
    in
    if builtins.length defs == 1 then { values = map strip defs; highestPrio = priorityOf (builtins.head defs); }
    else { inherit highestPrio; values = map strip (builtins.filter (def: priorityOf def == highestPrio) defs); };
  sortProperties = defs: builtins.sort
    (a: b: a.priority or defaultOrderPriority < b.priority or defaultOrderPriority)
    (map (def: if typeOfMark def.value == "order" then def // { inherit (def.value) priority; value = def.value.content; } else def) defs);
  dischargeProperties = value:
    if typeOfMark value == "merge" then builtins.concatMap dischargeProperties value.contents
    else if typeOfMark value != "if" then [ value ]
    else if !builtins.isBool value.condition then throw "lib.mkIf: the condition is a ${builtins.typeOf value.condition}, and has to be true or false"
    else lib.optionals value.condition (dischargeProperties value.content);
  pushDownProperties = value:
    let into = f: map (inner: if builtins.isAttrs inner then builtins.mapAttrs (_: f) inner else inner) (pushDownProperties value.content); in
    if typeOfMark value == "merge" then builtins.concatMap pushDownProperties value.contents
    else if typeOfMark value == "if" then into (mkIf value.condition)
    else if typeOfMark value == "override" then into (mkOverride value.priority)
    else [ value ];
  # Of an option that is a set: each attribute's value with its priority.
  mergeAttrDefinitionsWithPrio = option:
    let
      attributes = { value, ... }@def: map (builtins.mapAttrs (_: value: def // { inherit value; })) (pushDownProperties value);
      merged = name: mergeDefinitions (option.loc ++ [ name ]) option.type.nestedTypes.elemType;
    in
    assert builtins.elem option.type.name [ "attrsOf" "lazyAttrsOf" ];
    builtins.mapAttrs
      (name: defs: let found = merged name defs; in { value = found.mergedValue; inherit (found.defsFinal') highestPrio; })
      (lib.zipAttrs (builtins.concatMap attributes option.definitionsWithLocations));

  setDefaultModuleLocation = file: module: { _file = file; imports = [ module ]; };
  importApply = path: argument: setDefaultModuleLocation path (import path argument);
  importJSON = file: { _file = file; config = lib.importJSON file; };
  importTOML = file: { _file = file; config = lib.importTOML file; };
  fixMergeModules = modules: args: evalModules { inherit modules args; check = false; };
  applyModuleArgsIfFunction = key: module: args:
    let
      given = name: args.${name} or args.config._module.args.${name};
    in
    if lib.isFunction module then module (args // builtins.mapAttrs (name: _: given name) (lib.functionArgs module)) else module;

  mkAliasDefinitions = mkAliasAndWrapDefinitions lib.id;
  mkAliasAndWrapDefinitions = wrap: option: mkIf option.isDefined (wrap (mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority = wrap: option:
    let priority = option.highestPrio or defaultOverridePriority; in
    mkIf option.isDefined (wrap (mkMerge (map (mkOverride priority) option.definitions)));
  mkAliasIfDef = lib.warn "lib.modules.mkAliasIfDef is deprecated: use lib.mkIf option.isDefined" (option: mkIf option.isDefined);
  mkDerivedConfig = option: f: mkOverride (option.highestPrio or defaultOverridePriority) (f option.value);

  mkRemovedOptionModule = name: instead: { options, ... }:
    let
      option = getAttrFromPath name options;
    in
    {
      options = setAttrByPath name (mkOption {
        visible = false;
        apply = _: throw "The option `${showOption name}' is no longer there. ${instead}";
      });
      config.assertions = [{
        assertion = !option.isDefined;
        message = "The definition of `${showOption name}' in ${showFiles option.files} has no effect any more; remove it.\n${instead}\n";
      }];
    };
  mkRenamedOptionModule = from: to: doRename {
    inherit from to;
    visible = false;
    warn = true;
    use = lib.trace "Obsolete option: ${renamed from to}";
  };
  mkRenamedOptionModuleWith = { from, to, sinceRelease }:
    let warn = lib.oldestSupportedReleaseIsAtLeast sinceRelease; in
    doRename {
      inherit from to warn;
      visible = false;
      use = lib.warnIf warn "Obsolete option: ${renamed from to}";
    };
  mkAliasOptionModule = from: to: doRename { inherit from to; visible = true; warn = false; use = lib.id; };
  mkAliasOptionModuleMD = lib.warn "lib.mkAliasOptionModuleMD is deprecated: use lib.mkAliasOptionModule" mkAliasOptionModule;
  doRename = { from, to, visible, warn, use, withPriority ? true, condition ? true }: { config, options, ... }:
    let
      old = getAttrFromPath from options;
      value = attrByPath to (abort "lib.doRename: there is no option `${showOption to}'") config;
      type = (attrByPath to { } options).type or (lib.types.submodule { });
      alias = if withPriority then mkAliasAndWrapDefsWithPriority else mkAliasAndWrapDefinitions;
    in
    {
      options = setAttrByPath from (mkOption {
        inherit visible;
        description = "Alias of {option}`${showOption to}`.";
        apply = _: use value;
      } // optionalAttrs (type != null) { inherit type; });
      config = mkIf condition (mkMerge [
        (optionalAttrs (options ? warnings) {
          warnings = optional (warn && old.isDefined) "${renamed from to} It is defined in ${showFiles old.files}.";
        })
        (alias (setAttrByPath to) old)
      ]);
    };
  # Several options that became one: `merge config` is its value.
  mkMergedOptionModule = from: to: merge: { config, options, ... }:
    let isSet = path: getAttrFromPath path config != unset; in
    {
      options = lib.foldl' lib.recursiveUpdate { }
        (map (path: setAttrByPath path (mkOption { visible = false; default = unset; })) from);
      config = {
        warnings = map
          (path: "${renamed path to} It is defined in ${showFiles (getAttrFromPath path options).files}, and has another type now: see the description of the new one.")
          (builtins.filter isSet from);
      } // setAttrByPath to (mkMerge (optional (lib.any isSet from) (merge config)));
    };
  mkChangedOptionModule = from: mkMergedOptionModule [ from ];
}
