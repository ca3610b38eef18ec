# Parts of a version string.
lib:
let
  inherit (builtins) concatStringsSep elemAt splitVersion;
in
{
  inherit (builtins) compareVersions splitVersion;

  major = version: elemAt (splitVersion version) 0;
  minor = version: elemAt (splitVersion version) 1;
  patch = version: elemAt (splitVersion version) 2;
  majorMinor = version: concatStringsSep "." (lib.take 2 (splitVersion version));
  # n numbers, zeros after those that are there; what follows a dash stays.
  pad = n: version:
    let numbers = builtins.head (lib.splitString "-" version); in
    concatStringsSep "." (lib.take n (splitVersion numbers ++ lib.replicate n "0")) + lib.removePrefix numbers version;
}
