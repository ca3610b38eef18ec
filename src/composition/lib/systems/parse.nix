# Platforms as text ("x86_64-linux", "armv7l-unknown-linux-gnueabihf"), read into their parts and written again.
lib:
let
  inherit (builtins) elem elemAt head length;
  inherit (lib) hasPrefix;
  inherit (lib.systems.inspect.predicates) isAarch32 isBigEndian isCygwin isDarwin isLinux isPower64 isWindows;
  words = import ./words.nix lib;
  inherit (words) abis cpuTypes execFormats kernels types vendors;

  # processor → those that have all of its instructions and the fewest more
  successors = {
    i386 = [ "i486" ];
    i486 = [ "i586" ];
    i586 = [ "i686" ];
    i686 = [ "x86_64" ];
    arm = [ "armv5tel" ];
    armv5tel = [ "armv6l" ];
    armv6m = [ "armv6l" ];
    armv6l = [ "armv7l" ];
    armv7l = [ "armv7a" "armv7r" ];
    armv7m = [ "armv7a" "armv7r" ];
    armv8a = [ "aarch64" ];
    powerpc = [ "powerpc64" ];
    powerpcle = [ "powerpc64le" ];
    mips = [ "mips64" ];
    mipsel = [ "mips64el" ];
    sparc = [ "sparc64" ];
  };

  unreadable = parts: why: throw "lib.systems.parse: \"${lib.concatStringsSep "-" parts}\" ${why}";
  known = what: table: name: table.${name} or (throw "lib.systems.parse: there is no ${what} \"${name}\"");
  # Of three parts the second is the vendor when the third is one of these.
  systems = [ "redox" "mmixware" "ghcjs" "mingw32" "uefi" ];
  numbered = [ "freebsd" "netbsd" "openbsd" "genode" ];
  startsWithAny = prefixes: text: lib.any (prefix: hasPrefix prefix text) prefixes;
  # Of "linuxabin32" the kernel is linux.
  withoutAbi = kernel: let found = builtins.match "(.*)e?abi.*" kernel; in if found == null then kernel else head found;
  # NetBSD's formats before ELF, which the names of its old platforms still mean.
  wasAout = cpu: cpu.bits == 32 && elem cpu.family [ "arm" "m68k" "sparc" "x86" ];
in
words // rec {
  gnuNetBSDDefaultExecFormat = cpu: if wasAout cpu then execFormats.aout else execFormats.elf;
  # Whether programs for `b` run on `a`.
  isCompatible = a: b:
    a == b
    || ((cpuTypes.${b.name} or null) == b && lib.any (name: isCompatible a cpuTypes.${name}) (successors.${b.name} or [ ]));

  isSystem = lib.isType "system";
  mkSystem = parts: assert types.parsedPlatform.check parts; lib.setType "system" parts;

  mkSkeletonFromList = parts:
    let
      count = length parts;
      cpu = head parts;
      second = elemAt parts 1;
      third = elemAt parts 2;
      forVendor = kernel: { inherit cpu kernel; vendor = second; };
      onlyCpu =
        if cpu == "avr" then { inherit cpu; kernel = "none"; abi = "unknown"; }
        else unreadable parts "names no kernel";
      pair =
        if second == "cygwin" then { inherit cpu; vendor = "pc"; kernel = "cygwin"; }
        else if second == "windows" then { inherit cpu; kernel = "windows"; abi = "msvc"; }
        else if second == "elf" then { inherit cpu; vendor = "unknown"; kernel = "none"; abi = "elf"; }
        else { inherit cpu; kernel = second; };
      triple =
        if second == "linux" || elem third [ "eabi" "eabihf" "elf" "gnu" ] then
          { inherit cpu; vendor = "unknown"; kernel = second; abi = third; }
        else if third == "mingw32" then forVendor "windows"
        else if second == "apple" || elem third systems || startsWithAny numbered third || hasPrefix "wasm32" cpu || third == "cygwin" then
          forVendor third
        else unreadable parts "may mean several platforms; write all four parts: processor, vendor, kernel, ABI";
    in
    if count == 1 then onlyCpu
    else if count == 2 then pair
    else if count == 3 then triple
    else if count == 4 then { inherit cpu; vendor = second; kernel = third; abi = elemAt parts 3; }
    else unreadable parts "has ${toString count} parts; a platform has two to four";

  # What is not said follows from the rest.
  mkSystemFromSkeleton = { cpu, vendor ? null, kernel, abi ? null }@args:
    let
      usualAbi =
        if !(isLinux parsed || isWindows parsed) then abis.unknown
        else if isAarch32 parsed then
          if lib.versionAtLeast (parsed.cpu.version or "0") "6" then abis.gnueabihf else abis.gnueabi
        else if isPower64 parsed && isBigEndian parsed then abis.gnuabielfv1
        else abis.gnu;
      parsed = {
        cpu = known "processor" cpuTypes cpu;
        vendor =
          if args ? vendor then known "vendor" vendors vendor
          else if isDarwin parsed then vendors.apple
          else if isWindows parsed || isCygwin parsed then vendors.pc
          else vendors.unknown;
        kernel = known "kernel" kernels (
          if hasPrefix "darwin" kernel then "darwin"
          else if hasPrefix "netbsd" kernel then "netbsd"
          else withoutAbi kernel
        );
        abi = if args ? abi then known "ABI" abis abi else usualAbi;
      };
    in
    mkSystem parsed;
  mkSystemFromString = text: mkSystemFromSkeleton (mkSkeletonFromList (lib.splitString "-" text));

  kernelName = kernel: "${kernel.name}${toString (kernel.version or "")}";
  darwinArch = cpu: if cpu.name == "aarch64" then "arm64" else cpu.name;
  doubleFromSystem = { cpu, kernel, abi, ... }:
    "${cpu.name}-${if kernel.families ? darwin then "darwin" else kernelName kernel}";
  tripleFromSystem = { cpu, vendor, kernel, abi, ... }@parsed:
    assert isSystem parsed;
    let
      processor = if kernel.families ? darwin then darwinArch cpu else cpu.name;
      format = lib.optionalString
        (kernel.name == "netbsd" && gnuNetBSDDefaultExecFormat cpu != kernel.execFormat)
        kernel.execFormat.name;
    in
    "${processor}-${vendor.name}-${kernelName kernel}${format}${lib.optionalString (abi != abis.unknown) "-${abi.name}"}";

  # The same platform with musl in place of the GNU C library.
  mkMuslSystem = parsed:
    let
      name = parsed.abi.name;
      suffix = lib.removePrefix "gnu" (lib.removePrefix "musl" name);
      abi = abis."musl${suffix}" or abis.musl;
    in
    mkSystem (removeAttrs parsed [ "_type" ] // {
      abi = if hasPrefix "gnu" name || hasPrefix "musl" name then abi else abis.musl;
    });
}
