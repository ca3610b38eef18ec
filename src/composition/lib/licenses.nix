# Licenses of packages, and expressions of them.
lib:
let
  inherit (builtins) mapAttrs;

  license = name: { shortName ? name, free ? true, redistributable ? free, deprecated ? false, ... }@given:
    lib.optionalAttrs (given ? spdxId) { url = "https://spdx.org/licenses/${given.spdxId}.html"; }
    // given
    // { inherit shortName free redistributable deprecated; licenseType = "simple"; };
  compound = operator: licenses: { licenseType = "compound"; inherit operator licenses; };

  # A property of an expression from that of its licenses. Permissive: one of OR is enough, all of AND are needed.
  evaluate = ofOne: permissive:
    let
      go = expression:
        let type = expression.licenseType; in
        if type == "simple" then ofOne expression
        else if type == "plus" then go expression.license
        else if type == "exception" then go expression.license && go expression.exception
        else if type != "compound" then throw "lib.licenses: ${type} is no kind of license expression"
        else if (expression.operator == "OR") == permissive then lib.any go expression.licenses
        else lib.all go expression.licenses;
    in
    go;
in
mapAttrs license (lib.importJSON ./licenses.json)
// rec {
  OR = compound "OR";
  AND = compound "AND";
  WITH = license: exception: { licenseType = "exception"; operator = "WITH"; inherit license exception; };
  PLUS = license: { licenseType = "plus"; operator = "+"; inherit license; };

  evaluateProperty = evaluate;
  evaluateNamedProperty = name: evaluate (license: license.${name});
  isFree = evaluateNamedProperty "free" true;
  isRedistributable = evaluateNamedProperty "redistributable" true;
  containsLicenses = licenses: evaluate (license: builtins.elem license licenses) false;
  toSPDX = expression:
    let
      type = expression.licenseType;
      inner = x: if builtins.elem x.licenseType [ "compound" "exception" ] then "(${toSPDX x})" else toSPDX x;
    in
    if type == "simple" then expression.spdxId or "LicenseRef-nixos-${expression.shortName}"
    else if type == "compound" then lib.concatMapStringsSep " ${expression.operator} " inner expression.licenses
    else if type == "exception" then "${inner expression.license} ${expression.operator} ${inner expression.exception}"
    else if type == "plus" then inner expression.license + expression.operator
    else throw "lib.licenses: ${type} is no kind of license expression";
}
