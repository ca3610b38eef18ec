# What modules say of their definitions. src/composition/modules reads these marks.
lib:
rec {
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkAssert = assertion: message: mkIf (if assertion then true else throw message);
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  defaultOverridePriority = 100;
  defaultOrderPriority = 1000;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkDerivedConfig = option: f: mkIf option.isDefined (mkOverride option.highestPrio (f option.value));
  setDefaultModuleLocation = file: module: { _file = file; imports = [ module ]; };
}
