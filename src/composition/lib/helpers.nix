# Upstream's argument `helpers` of compositions, without what needs nixpkgs.
lib:
rec {
  makeManyById = configOf: name: count:
    builtins.listToAttrs (map (id: { name = "${name}${toString id}"; value = configOf id; }) (lib.range 1 count));
  makeMany = config: makeManyById (_: config);
  mapListToAttrs = f: list: lib.mergeAttrsList (map f list);
  mapAttrNamesToAttrs = f: set: mapListToAttrs f (builtins.attrNames set);
  mapAttrsToAttrs = f: set: lib.mergeAttrsList (lib.mapAttrsToList f set);
}
