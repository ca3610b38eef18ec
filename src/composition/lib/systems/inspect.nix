# What can be asked of a platform: `isLinux`, `is64bit` … A pattern is a set that the parsed platform has to contain, or a
# list of such sets of which it has to contain one.
lib:
let
  inherit (lib.systems.parse) cpuTypes execFormats kernelFamilies kernels significantBytes;
  # What an ABI asks of the rest of the platform is no part of a pattern.
  abis = builtins.mapAttrs (_: abi: removeAttrs abi [ "assertions" ]) lib.systems.parse.abis;

  family = name: { cpu.family = name; };
  sized = bits: name: { cpu = { family = name; inherit bits; }; };
  kernel = name: { kernel = kernels.${name}; };
  abi = name: { abi.abi = name; };
  format = name: { kernel.execFormat = execFormats.${name}; };
  anyAbi = map (name: { abi = abis.${name}; });
in
rec {
  patterns = rec {
    isi686.cpu = cpuTypes.i686;
    isx86 = family "x86";
    isx86_32 = sized 32 "x86";
    isx86_64 = sized 64 "x86";
    isPower = family "power";
    isPower64 = sized 64 "power";
    isAarch = family "arm";
    isAarch32 = sized 32 "arm";
    isAarch64 = sized 64 "arm";
    isArmv7 = map ({ arch, ... }: { cpu = { inherit arch; }; })
      (builtins.filter (cpu: lib.hasPrefix "armv7" cpu.arch or "") (builtins.attrValues cpuTypes));
    isMicroBlaze = family "microblaze";
    isMips = family "mips";
    isMips32 = sized 32 "mips";
    isMips64 = sized 64 "mips";
    isMips64n32 = isMips64 // abi "n32";
    isMips64n64 = isMips64 // abi "64";
    isMmix = family "mmix";
    isRiscV = family "riscv";
    isRiscV32 = sized 32 "riscv";
    isRiscV64 = sized 64 "riscv";
    isRx = family "rx";
    isSparc = family "sparc";
    isSparc64 = sized 64 "sparc";
    isWasm = family "wasm";
    isMsp430 = family "msp430";
    isVc4 = family "vc4";
    isAvr = family "avr";
    isAlpha = family "alpha";
    isOr1k = family "or1k";
    isM68k = family "m68k";
    isArc = family "arc";
    isSh4 = family "sh";
    isS390 = family "s390";
    isS390x = sized 64 "s390";
    isLoongArch64 = sized 64 "loongarch";
    isJavaScript.cpu = cpuTypes.javascript;

    is32bit.cpu.bits = 32;
    is64bit.cpu.bits = 64;
    isBigEndian.cpu.significantByte = significantBytes.bigEndian;
    isLittleEndian.cpu.significantByte = significantBytes.littleEndian;
    isILP32 = [ (sized 32 "wasm") (abi "n32") (abi "ilp32") (abi "x32") ];

    isBSD.kernel.families.bsd = kernelFamilies.bsd;
    isDarwin.kernel.families.darwin = kernelFamilies.darwin;
    isUnix = [ isBSD isDarwin isLinux isSunOS isCygwin isRedox ];
    isMacOS = kernel "macos";
    isiOS = kernel "ios";
    isLinux = kernel "linux";
    isSunOS = kernel "solaris";
    isFreeBSD.kernel.name = "freebsd";
    isNetBSD = kernel "netbsd";
    isOpenBSD = kernel "openbsd";
    isWindows = kernel "windows";
    isCygwin = kernel "cygwin";
    isMinGW = isWindows // { abi = abis.gnu; };
    isMsvc = isWindows // { abi = abis.msvc; };
    isWasi = kernel "wasi";
    isRedox = kernel "redox";
    isGhcjs = kernel "ghcjs";
    isGenode = kernel "genode";
    isNone = kernel "none";
    isUefi = [ (kernel "uefi") ];

    isAndroid = anyAbi [ "android" "androideabi" ];
    isGnu = anyAbi [ "gnuabi64" "gnuabin32" "gnu" "gnueabi" "gnueabihf" "gnuabielfv1" "gnuabielfv2" ];
    isMusl = anyAbi [ "musl" "musleabi" "musleabihf" "muslabin32" "muslabi64" ];
    isUClibc = anyAbi [ "uclibc" "uclibceabi" "uclibceabihf" ];
    isAbiElfv1 = abi "elfv1";
    # 64-bit PowerPC with musl has it, too, and does not say so.
    isAbiElfv2 = [ (abi "elfv2") (isPower64 // { abi.name = "musl"; }) ];
    isEabi.abi.eabi = true;

    isElf = format "elf";
    isMacho = format "macho";
    isPE = format "pe";
    isEfi = map (version: { cpu = { family = "arm"; inherit version; }; }) [ "6" "7" "8" ]
      ++ map family [ "riscv" "x86" "loongarch" ];
  };

  # What contains both patterns.
  patternLogicalAnd = one: other:
    let
      agrees = path: a: b:
        builtins.intersectAttrs a b == { } || a == b
        || throw "lib.systems.inspect.patternLogicalAnd: both patterns say something of ${toString path}: ${builtins.toJSON a} and ${builtins.toJSON b}";
    in
    lib.concatMap (a: map (lib.recursiveUpdateUntil agrees a) (lib.toList other)) (lib.toList one);

  matchAnyAttrs = pattern:
    if builtins.isList pattern then platform: lib.any (each: lib.matchAttrs each platform) pattern
    else lib.matchAttrs pattern;
  predicates = builtins.mapAttrs (_: matchAnyAttrs) patterns;

  # Of the whole platform; `parsed` tells them from those of its parsed form.
  platformPatterns.isStatic = { parsed = { }; isStatic = true; };
}
