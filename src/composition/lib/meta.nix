# What packages say of themselves.
lib:
let
  inherit (builtins) isString typeOf;
in
rec {
  addMetaAttrs = new: package:
    let extend = old: (old.meta or { }) // new; in
    if package ? overrideAttrs then package.overrideAttrs (old: { meta = extend old; })
    else package // { meta = extend package; };
  dontDistribute = addMetaAttrs { hydraPlatforms = [ ]; };
  setName = name: package: package // { inherit name; };
  updateName = f: package: setName (f package.name) package;
  appendToName = suffix: updateName (name:
    let parts = builtins.parseDrvName name; in "${parts.name}-${suffix}-${parts.version}");
  mapDerivationAttrset = f: builtins.mapAttrs (_: package: if lib.isDerivation package then f package else package);

  defaultPriority = 5;
  setPrio = priority: addMetaAttrs { inherit priority; };
  lowPrio = setPrio 10;
  hiPrio = setPrio (-10);
  lowPrioSet = mapDerivationAttrset lowPrio;
  hiPrioSet = mapDerivationAttrset hiPrio;

  # A platform as text is a system; as a set, a pattern of the platform or of its parsed form.
  platformMatch = platform: pattern:
    if isString pattern then platform ? system && pattern == platform.system
    else lib.matchAttrs (if pattern ? parsed then pattern else { parsed = pattern; }) platform;
  availableOn = platform: package:
    let on = lib.any (platformMatch platform); in
    (!(package ? meta.platforms) || on package.meta.platforms)
    && !(package ? meta.badPlatforms && on package.meta.badPlatforms);

  licensesSpdx = lib.mapAttrs' (_: license: lib.nameValuePair license.spdxId license)
    (lib.filterAttrs (_: license: license ? spdxId) lib.licenses);
  getLicenseFromSpdxIdOr =
    let known = lib.mapAttrs' (id: lib.nameValuePair (lib.toLower id)) licensesSpdx; in
    id: default: known.${lib.toLower id} or default;
  getLicenseFromSpdxId = id: getLicenseFromSpdxIdOr id
    (lib.warn "lib.meta.getLicenseFromSpdxId: no license has the SPDX identifier ${id}" { shortName = id; spdxId = id; });

  getExe = package: getExe' package (package.meta.mainProgram or (
    lib.warn "lib.getExe: ${package.meta.name or package.pname or package.name} has no meta.mainProgram, so its name is taken; lib.getExe' takes the program's name"
      lib.getName
      package));
  getExe' = package: program:
    if !lib.isDerivation package then throw "lib.meta.getExe': the first argument is a ${typeOf package}, and has to be a derivation"
    else if !isString program then throw "lib.meta.getExe': the second argument is a ${typeOf program}, and has to be a string"
    else if builtins.match ".*/.*" program != null then throw "lib.meta.getExe': ${builtins.toJSON program} has a slash in it, and has to be the name of a program"
    else "${lib.getBin package}/bin/${program}";
  cpeFullVersionWithVendor = vendor: version: { inherit vendor version; update = "*"; };
}
