# Functions and packages whose arguments can be changed later.
lib:
let
  inherit (builtins) attrNames head intersectAttrs isAttrs length mapAttrs;
  inherit (lib) functionArgs isFunction optionalAttrs;

  sides = [ "BuildBuild" "BuildHost" "BuildTarget" "HostHost" "HostTarget" "TargetTarget" ];
  plain = side: lib.toLower (builtins.substring 0 1 side) + builtins.substring 1 (-1) side;

  # Which argument is missing, where it stands, and what was meant.
  missingArgument = known: takes: missing:
    let
      name = head (builtins.filter (name: !takes.${name}) (attrNames missing));
      near = lib.take 3 (lib.sortOn (lib.strings.levenshtein name) (builtins.filter (lib.strings.levenshteinAtMost 2 name) (attrNames known)));
      quoted = map builtins.toJSON near;
      question =
        if near == [ ] then ""
        else if length near == 1 then ", did you mean ${head quoted}?"
        else ", did you mean ${lib.concatStringsSep ", " (lib.init quoted)} or ${lib.last quoted}?";
      place = builtins.unsafeGetAttrPos name takes;
      where = if place == null then "<unknown location>" else "${place.file}:${toString place.line}";
    in
    "lib.customisation.callPackageWith: the function at ${where} needs the argument \"${name}\"${question}";
in
rec {
  overrideDerivation = package: f:
    extendDerivation (builtins.seq package.drvPath true)
      ({ meta = package.meta or { }; passthru = package.passthru or { }; }
        // (package.passthru or { })
        // optionalAttrs (package ? __spliced) { __spliced = mapAttrs (_: each: overrideDerivation each f) package.__spliced; })
      (derivation (package.drvAttrs // f package));

  makeOverridable = f:
    let
      like = lib.mirrorFunctionArgs f;
      again = change: args: makeOverridable (like (new: change (f new))) args;
      call = args:
        let
          result = f args;
          override = like (new: makeOverridable f (args // (if isFunction new then new args else new)));
        in
        if isAttrs result then
          result // {
            inherit override;
            overrideDerivation = change: again (package: overrideDerivation package change) args;
          } // optionalAttrs (result ? overrideAttrs) {
            overrideAttrs = change: again (package: package.overrideAttrs change) args;
          }
        else if isFunction result then lib.setFunctionArgs result (functionArgs result) // { inherit override; }
        else result;
    in
    if isAttrs f then f // like call // optionalAttrs (f ? override) { override = args: makeOverridable (f.override args); }
    else like call;

  callPackageWith = known: function: args:
    let
      f = if isFunction function then function else import function;
      takes = functionArgs f;
      given = intersectAttrs takes known // args;
      missing = removeAttrs takes (attrNames given);
    in
    if lib.all lib.id (builtins.attrValues missing) then makeOverridable f given
    else abort (missingArgument (known // args) takes missing);
  callPackagesWith = known: function: args:
    let
      f = if isFunction function then function else import function;
      given = intersectAttrs (functionArgs f) known // args;
      packages = f given;
    in
    if lib.isDerivation packages then
      throw "lib.customisation.callPackagesWith: the function gives one derivation, ${builtins.toJSON (packages.name or "<unknown-name>")}; callPackage is for these"
    else mapAttrs (name: _: makeOverridable (lib.mirrorFunctionArgs f (new: (f new).${name})) given) packages;

  extendDerivation = condition: passthru: package:
    let
      checked = value: assert condition; value;
      outputs = map
        (name: {
          inherit name;
          value = common // {
            inherit (package.${name}) type outputName;
            outputSpecified = true;
            drvPath = checked package.${name}.drvPath;
            outPath = checked package.${name}.outPath;
          } // optionalAttrs (passthru ? overrideAttrs) { overrideAttrs = f: (passthru.overrideAttrs f).${name}; };
        })
        (package.outputs or [ "out" ]);
      common = package
        // builtins.listToAttrs outputs
        // { all = map ({ value, ... }: value) outputs; }
        // passthru
        // { drvPath = checked package.drvPath; outPath = checked package.outPath; };
    in
    common;
  # What a build farm needs to know of a package, and no more.
  hydraJob = package:
    let
      outputs = package.outputs or [ "out" ];
      common = { inherit (package) name system meta; inherit outputs; }
        // optionalAttrs (package._hydraAggregate or false) {
          _hydraAggregate = true;
          constituents = map hydraJob (lib.flatten package.constituents);
        }
        // lib.genAttrs outputs job;
      job = outputName: common // { type = "derivation"; inherit (package.${outputName}) outPath drvPath; inherit outputName; };
      first = job (head outputs);
    in
    if package == null then null else builtins.deepSeq first first;

  makeScope = newScope: f:
    let
      self = { callPackage = self.newScope { }; } // f self // {
        newScope = scope: newScope (self // scope);
        overrideScope = overlay: makeScope newScope (lib.extends overlay f);
        packages = f;
      };
    in
    self;
  makeScopeWithSplicing = splicePackages: newScope: otherSplices: keep: extra: f:
    makeScopeWithSplicing' { inherit splicePackages newScope; } { inherit otherSplices keep extra f; };
  makeScopeWithSplicing' = { splicePackages, newScope }@how:
    { otherSplices, keep ? _: { }, extra ? _: { }, f }@what:
    let
      others = renameCrossIndexFrom "self" otherSplices;
      base = splicePackages (renameCrossIndexTo "pkgs" (others // { hostTarget = self; }));
      spliced = extra base // base // keep self;
      self = f self // {
        newScope = scope: newScope (spliced // scope);
        callPackage = newScope spliced;
        overrideScope = overlay: makeScopeWithSplicing' how (what // { f = lib.extends overlay f; });
        packages = f;
      };
    in
    self;

  extendMkDerivation =
    { constructDrv, excludeDrvArgNames ? [ ], excludeFunctionArgNames ? [ ], extendDrvArgs, inheritFunctionArgs ? true, transformDrv ? lib.id }: {
      inherit constructDrv excludeDrvArgNames extendDrvArgs transformDrv;
      __functor = _: given: transformDrv (constructDrv (final:
        let previous = if isFunction given then given final else given; in
        removeAttrs previous excludeDrvArgNames // extendDrvArgs final previous));
      __functionArgs = removeAttrs
        (optionalAttrs inheritFunctionArgs (removeAttrs (functionArgs constructDrv) excludeDrvArgNames)
          // functionArgs (extendDrvArgs { }))
        excludeFunctionArgNames;
    };

  # The six pairs of machines of a cross build: buildBuild and prefixBuildBuild.
  renameCrossIndexFrom = prefix: set: lib.genAttrs' sides (side: lib.nameValuePair (plain side) set."${prefix}${side}");
  renameCrossIndexTo = prefix: set: lib.genAttrs' sides (side: lib.nameValuePair "${prefix}${side}" set.${plain side});
  mapCrossIndex = f: { buildBuild, buildHost, buildTarget, hostHost, hostTarget, targetTarget }@set: mapAttrs (_: f) set;
}
