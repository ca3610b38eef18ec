# What a package says of itself.
lib:
rec {
  getExe = package: getExe' package (package.meta.mainProgram or (lib.getName package));
  getExe' = package: program: "${lib.getBin package}/bin/${program}";
  addMetaAttrs = meta: package: package // { meta = (package.meta or { }) // meta; };
  setName = name: package: package // { inherit name; };
  setPrio = _: package: package;
  hiPrio = package: package;
  lowPrio = package: package;
}
