# Parts of a version string.
lib:
rec {
  splitVersion = builtins.splitVersion;
  major = version: builtins.elemAt (splitVersion version) 0;
  minor = version: builtins.elemAt (splitVersion version) 1;
  patch = version: builtins.elemAt (splitVersion version) 2;
  majorMinor = version: builtins.concatStringsSep "." (lib.take 2 (splitVersion version));
}
