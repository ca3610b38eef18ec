# Declarations of options, and how several definitions of one become its value.
lib:
let
  inherit (builtins) all concatMap foldl' head isAttrs isBool isInt isList isString length mapAttrs tail;
  inherit (lib) collect optionalAttrs;

  marked = _type: name: text:
    if isString text then { inherit _type text; } else throw "lib.${name}: the argument is a ${builtins.typeOf text}, and has to be a string";
  hint = "Use `lib.mkForce value` or `lib.mkDefault value` to say which of them wins.";
  render = value:
    if value ? _type && value ? text then value
    else lib.literalExpression (lib.generators.toPretty { multiline = true; allowPrettyValues = true; } value);
in
rec {
  isOption = lib.isType "option";
  mkOption =
    { default ? null, defaultText ? null, example ? null, description ? null, relatedPackages ? null, type ? null
    , apply ? null, internal ? null, visible ? null, readOnly ? null
    }@declaration: declaration // { _type = "option"; };
  mkEnableOption = name: mkOption {
    default = false;
    example = true;
    description = "Whether to enable ${name}.";
    type = lib.types.bool;
  };
  mkPackageOption = pkgs: name: { nullable ? false, default ? name, example ? null, extraDescription ? "", pkgsText ? "pkgs" }:
    let
      path = lib.toList default;
      shown = lib.showAttrPath path;
    in
    mkOption (
      (if default == null then optionalAttrs nullable { default = null; }
      else {
        default = lib.attrByPath path (throw "${shown} cannot be found in ${pkgsText}") pkgs;
        defaultText = literalExpression "${pkgsText}.${shown}";
      })
      // {
        description = "The ${if isList name then lib.last name else name} package to use."
          + lib.optionalString (extraDescription != "") " ${extraDescription}";
        type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
      }
      // optionalAttrs (example != null) {
        example = literalExpression (if isList example then "${pkgsText}.${lib.showAttrPath example}" else example);
      }
    );
  # Takes whatever is defined, and is never read.
  mkSinkUndeclaredOptions = declaration: mkOption ({
    internal = true;
    visible = false;
    default = false;
    description = "Sink for option definitions.";
    type = lib.mkOptionType { name = "sink"; check = _: true; merge = _: _: false; };
    apply = _: throw "the option is not declared, so it has no value";
  } // declaration);

  mergeDefaultOption = loc: defs:
    let values = getValues defs; is = test: all test values; in
    if length values == 1 then head values
    else if is lib.isFunction then x: mergeDefaultOption loc (map (f: f x) values)
    else if is isList then builtins.concatLists values
    else if is isAttrs then foldl' lib.mergeAttrs { } values
    else if is isBool then lib.any lib.id values
    else if is isString then lib.concatStrings values
    else if is isInt && is (x: x == head values) then head values
    else throw "the definitions of the option ${showOption loc} cannot be merged:${showDefs defs}";
  mergeOneOption = mergeUniqueOption { message = ""; };
  mergeUniqueOption = { message, merge ? _: defs: (head defs).value }: loc: defs:
    if length defs == 1 then merge loc defs
    else assert defs != [ ]; throw "the option ${showOption loc} may be defined once only\n${message}\nDefinitions:${showDefs defs}\n${hint}";
  mergeEqualOption = loc: defs:
    let
      same = first: def:
        if def.value == first.value then first
        else throw "the option ${showOption loc} has conflicting definitions:${showDefs [ first def ]}\n${hint}";
    in
    if defs == [ ] then abort "lib.mergeEqualOption: no definition is given"
    else (foldl' same (head defs) (tail defs)).value;
  getValues = map ({ value, ... }: value);
  getFiles = map ({ file, ... }: file);

  # What the manual says of options, those of submodules included.
  optionAttrSetToDocList = optionAttrSetToDocList' [ ];
  optionAttrSetToDocList' = _: options: concatMap
    (option:
      let
        name = showOption option.loc;
        visible = option.visible or true;
        type = option.type or { };
        inner = option.type.getSubOptions option.loc;
        empty = type.emptyValue or { };
        shown = what: value: builtins.addErrorContext "while showing the ${what} of the option ${name}" (render value);
        document = {
          inherit name;
          inherit (option) loc;
          description = option.description or null;
          declarations = builtins.filter (file: file != unknownModule) option.declarations;
          internal = option.internal or false;
          visible = if isBool visible then visible else visible == "shallow";
          readOnly = option.readOnly or false;
          type = type.description or "unspecified";
        }
        // optionalAttrs (option ? example) { example = shown "example" option.example; }
        // optionalAttrs (option ? defaultText || option ? default || (empty ? value && type.getSubModules or null == null)) {
          default = shown "default" (option.defaultText or option.default or empty.value);
        }
        // optionalAttrs (option.relatedPackages or null != null) { inherit (option) relatedPackages; };
        deep = if isBool visible then visible else visible == "transparent";
      in
      [ document ] ++ lib.optionals (deep && inner != { }) (optionAttrSetToDocList' option.loc inner))
    (collect isOption options);
  # Without what only a build would compute.
  scrubOptionValue = value:
    if lib.isDerivation value then { type = "derivation"; drvPath = value.name; outPath = value.name; inherit (value) name; }
    else if isList value then map scrubOptionValue value
    else if isAttrs value then mapAttrs (_: scrubOptionValue) (removeAttrs value [ "_args" ])
    else value;
  renderOptionValue = render;
  literalExpression = marked "literalExpression" "literalExpression";
  literalMD = marked "literalMD" "literalMD";
  literalCode = language: text: literalMD "```${language}\n${text}\n```\n";

  showOption = lib.concatMapStringsSep "." (part:
    if part == "*" || builtins.match "<.*>" part != null then part else lib.strings.escapeNixIdentifier part);
  showFiles = lib.concatMapStringsSep " and " (file: "`${file}'");
  showDefs = lib.concatMapStrings ({ file, value, ... }:
    let
      cut = lib.generators.withRecursion { depthLimit = 10; throwOnDepthLimit = false; } value;
      pretty = builtins.tryEval (lib.generators.toPretty { } cut);
      lines = lib.splitString "\n" pretty.value;
      text = lib.concatStringsSep "\n    " (lib.take 5 lines ++ lib.optional (length lines > 5) "...");
    in
    "\n- In `${file}'" + (
      if !pretty.success then ""
      else if length lines > 1 then ":\n    ${text}"
      else ": ${text}"));
  showOptionWithDefLocs = option:
    "${showOption option.loc}, with values defined in:\n${lib.concatMapStringsSep "\n" (file: "  - ${file}") option.files}\n";
  unknownModule = "<unknown-file>";
}
