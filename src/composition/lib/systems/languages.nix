# What Rust, Go, Node.js and Nim call a platform.
lib:
let
  inherit (lib) optional optionalString;
  first = import ./first.nix lib;
in
args: final:
let
  is = first final;
  inherit (final.parsed) abi cpu kernel;

  # Said by the user; `rustc` is the older name.
  rust = args.rust or args.rustc or { };
  said = rust.platform or { };
  platform = (rust.platform or (if lib.hasSuffix ".json" (rust.rustcTargetSpec or "") then lib.importJSON rust.rustcTargetSpec else { })) // {
    arch =
      if rust ? platform then said.arch
      else is cpu.name [ "isAarch32" "arm" "isMips64" "mips64" "isPower64" "powerpc64" ];
    os =
      if rust ? platform then said.os or "none"
      else is kernel.name [ "isDarwin" "macos" "isWasi" kernel.name "isWasm" "unknown" ];
    target-family =
      args.rust.platform.target-family or (
        if args ? rustc.platform.target-family then lib.toList args.rustc.platform.target-family
        else optional final.isUnix "unix" ++ optional final.isWindows "windows" ++ optional final.isWasm "wasm"
      );
    vendor = said.vendor or (if final.parsed.vendor.name == "w64" then "pc" else final.parsed.vendor.name);
  };
  processor = said.arch or ({
    armv7a = "armv7";
    armv7l = "armv7";
    armv6l = "arm";
    armv5tel = "armv5te";
    riscv32 = "riscv32gc";
    riscv64 = "riscv64gc";
  }.${cpu.name} or cpu.name);
  # Rust does not write the ELF version of PowerPC.
  rustAbi = if lib.hasPrefix "powerpc" cpu.name && lib.hasPrefix "gnuabielfv" abi.name then "gnu" else abi.name;
  inferred =
    if final.isWasi then "${processor}-wasip1"
    else "${processor}-${final.rust.platform.vendor}-${kernel.name}${optionalString (abi.name != "unknown") "-${rustAbi}"}";
in
{
  rust = rust // {
    inherit platform;
    rustcTargetSpec = args.rust.rustcTargetSpec or args.rustc.config or (
      if rust ? platform then builtins.toFile (rust.rustcTarget or inferred + ".json") (builtins.toJSON rust.platform)
      else args.rust.rustcTarget or inferred
    );
    rustcTarget = rust.rustcTarget or final.rust.cargoShortTarget;
    cargoShortTarget = lib.removeSuffix ".json" (baseNameOf "${final.rust.rustcTargetSpec}");
    cargoEnvVarTarget = builtins.replaceStrings [ "-" ] [ "_" ] (lib.toUpper final.rust.cargoShortTarget);
    isNoStdTarget = lib.any (part: lib.hasInfix part final.rust.rustcTarget) [ "-none" "nvptx" "switch" "-uefi" ];
  };

  go = {
    GOARCH = {
      aarch64 = "arm64";
      arm = "arm";
      armv5tel = "arm";
      armv6l = "arm";
      armv7l = "arm";
      i686 = "386";
      loongarch64 = "loong64";
      mips = "mips";
      mips64el = "mips64le";
      mipsel = "mipsle";
      powerpc64 = "ppc64";
      powerpc64le = "ppc64le";
      riscv64 = "riscv64";
      s390x = "s390x";
      x86_64 = "amd64";
      wasm32 = "wasm";
    }.${cpu.name} or null;
    GOOS = is kernel.name [ "isWasi" "wasip1" ];
    GOARM = let version = cpu.version or ""; in if builtins.elem version [ "5" "6" "7" ] then version else "";
  };

  node = {
    arch =
      let wide = optionalString final.is64bit "64"; in
      if final.isMips64 && final.isLittleEndian then "mips64el"
      else is null [
        "isAarch" "arm${wide}" "isMips32" "mips${optionalString final.isLittleEndian "el"}" "isPower" "ppc${wide}"
        "isx86_64" "x64" "isx86_32" "ia32" "isS390x" "s390x" "isRiscV64" "riscv64" "isLoongArch64" "loong64"
      ];
    platform = is null [
      "isAndroid" "android" "isDarwin" "darwin" "isFreeBSD" "freebsd" "isLinux" "linux" "isOpenBSD" "openbsd"
      "isSunOS" "sunos" "isWindows" "win32" "isCygwin" "win32"
    ];
  };

  nim = {
    cpu =
      let wide = optionalString final.is64bit "64"; in
      if final.isRiscV && final.is64bit then "riscv64"
      else is null [
        "isAarch32" "arm" "isAarch64" "arm64" "isAlpha" "alpha" "isAvr" "avr" "isMips32" "mips" "isMips64" "mips64"
        "isMsp430" "msp430" "isPower" "powerpc${wide}" "isSparc" "sparc" "isx86_32" "i386" "isx86_64" "amd64"
      ];
    os = is null [
      "isAndroid" "Android" "isDarwin" "MacOSX" "isFreeBSD" "FreeBSD" "isGenode" "Genode" "isLinux" "Linux"
      "isNetBSD" "NetBSD" "isNone" "Standalone" "isOpenBSD" "OpenBSD" "isWindows" "Windows" "isiOS" "iOS"
    ];
  };
}
