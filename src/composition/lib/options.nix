# Declarations of options by the user's own modules.
lib:
rec {
  mkOption = declaration: declaration // { _type = "option"; };
  mkEnableOption = name: mkOption {
    default = false;
    example = true;
    description = "Whether to enable ${name}.";
    type = lib.types.bool;
  };
  mkPackageOption = pkgs: name: { default ? name, nullable ? false, ... }: mkOption {
    type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
    description = "The package to use for ${if builtins.isList name then lib.last name else name}.";
    default = if default == null then null else lib.getAttrFromPath (lib.toList default) pkgs;
  };
  isOption = x: builtins.isAttrs x && x._type or null == "option";
  isType = type: x: builtins.isAttrs x && x._type or null == type;
  showOption = lib.concatMapStringsSep "." (part:
    if part == "*" || builtins.match "<.*>" part != null then part else lib.strings.escapeNixIdentifier part);
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = text: text;
}
