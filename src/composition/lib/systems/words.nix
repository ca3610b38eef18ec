# What the parts of a platform are called: processors, vendors, kernels, ABIs, and what nixpkgs knows of each.
lib:
let
  # name of the type → name → what is known of it
  named = type: builtins.mapAttrs (name: known:
    assert type.check known;
    lib.setType type.name ({ inherit name; } // known));
  empty = type: names: named type (lib.genAttrs names (_: { }));
  open = name: description: more: lib.mkOptionType ({ inherit name description; merge = lib.mergeOneOption; } // more);
  closed = values: lib.types.enum (builtins.attrValues values);

  processor = significantByte: bits: family: { inherit bits family significantByte; };
  big = processor significantBytes.bigEndian;
  little = processor significantBytes.littleEndian;
  arm = version: arch: little 32 "arm" // { inherit version arch; };
  arm64 = { version = "8"; arch = "armv8-a"; };
  x86 = arch: little 32 "x86" // { inherit arch; };

  runs = execFormat: { inherit execFormat; families = { }; };
  ofFamily = family: execFormat: { inherit execFormat; families.${family} = kernelFamilies.${family}; };

  # Asks of a whole platform that it does not have a processor on which the ABI's name is not enough.
  ambiguous = abi: what: instead: wrong: {
    assertion = platform: !wrong platform;
    message = "On ${what} the ABI \"${abi}\" may be one of several: write ${instead}.\n";
  };

  significantBytes = empty types.openSignificantByte [ "bigEndian" "littleEndian" ];
  vendors = empty types.openVendor [ "apple" "pc" "knuth" "w64" "none" "unknown" ];
  execFormats = empty types.openExecFormat [ "aout" "elf" "macho" "pe" "wasm" "unknown" ];
  kernelFamilies = empty types.openKernelFamily [ "bsd" "darwin" ];

  cpuTypes = named types.openCpuType {
    arm = little 32 "arm";
    armv5tel = arm "5" "armv5t";
    armv6m = arm "6" "armv6-m";
    armv6l = arm "6" "armv6";
    armv7a = arm "7" "armv7-a";
    armv7r = arm "7" "armv7-r";
    armv7m = arm "7" "armv7-m";
    armv7l = arm "7" "armv7";
    armv8a = arm "8" "armv8-a";
    armv8r = arm "8" "armv8-a";
    armv8m = arm "8" "armv8-m";
    aarch64 = little 64 "arm" // arm64;
    aarch64_be = big 64 "arm" // arm64;
    i386 = x86 "i386";
    i486 = x86 "i486";
    i586 = x86 "i586";
    i686 = x86 "i686";
    x86_64 = little 64 "x86" // { arch = "x86-64"; };
    microblaze = big 32 "microblaze";
    microblazeel = little 32 "microblaze";
    mips = big 32 "mips";
    mipsel = little 32 "mips";
    mips64 = big 64 "mips";
    mips64el = little 64 "mips";
    mmix = big 64 "mmix";
    m68k = big 32 "m68k";
    sh4 = little 32 "sh";
    powerpc = big 32 "power";
    powerpcle = little 32 "power";
    powerpc64 = big 64 "power";
    powerpc64le = little 64 "power";
    riscv32 = little 32 "riscv";
    riscv64 = little 64 "riscv";
    s390 = big 32 "s390";
    s390x = big 64 "s390";
    sparc = big 32 "sparc";
    sparc64 = big 64 "sparc";
    wasm32 = little 32 "wasm";
    wasm64 = little 64 "wasm";
    alpha = little 64 "alpha";
    rx = little 32 "rx";
    msp430 = little 16 "msp430";
    avr = { bits = 8; family = "avr"; };
    vc4 = little 32 "vc4";
    or1k = big 32 "or1k";
    arc = little 32 "arc";
    loongarch64 = little 64 "loongarch";
    javascript = little 32 "javascript";
  } // { arm64 = cpuTypes.aarch64; };

  kernels = named types.openKernel
    {
      macos = ofFamily "darwin" execFormats.macho // { name = "darwin"; };
      ios = ofFamily "darwin" execFormats.macho;
      freebsd = ofFamily "bsd" execFormats.elf;
      netbsd = ofFamily "bsd" execFormats.elf;
      openbsd = ofFamily "bsd" execFormats.elf;
      linux = runs execFormats.elf;
      solaris = runs execFormats.elf;
      redox = runs execFormats.elf;
      genode = runs execFormats.elf;
      windows = runs execFormats.pe;
      cygwin = runs execFormats.pe;
      uefi = runs execFormats.pe;
      wasi = runs execFormats.wasm;
      none = runs execFormats.unknown;
      ghcjs = runs execFormats.unknown;
      mmixware = runs execFormats.unknown;
    } // {
    darwin = kernels.macos;
    watchos = kernels.ios;
    tvos = kernels.ios;
    win32 = kernels.windows;
  };

  soft = { float = "soft"; eabi = true; };
  hard = { float = "hard"; eabi = true; };
  abis = named types.openAbi {
    unknown = { };
    elf = { };
    msvc = { };
    eabi = soft;
    eabihf = hard;
    android.assertions = [ (ambiguous "android" "32-bit ARM" "\"androideabi\"" (platform: platform.isAarch32)) ];
    androideabi.eabi = true;
    gnu.assertions = [
      (ambiguous "gnu" "32-bit ARM" "\"gnueabi\" or \"gnueabihf\"" (platform: platform.isAarch32))
      (ambiguous "gnu" "big-endian 64-bit PowerPC" "\"gnuabielfv1\" or \"gnuabielfv2\""
        (platform: platform.isPower64 && platform.isBigEndian))
    ];
    gnueabi = soft;
    gnueabihf = hard;
    gnuabi64.abi = "64";
    gnuabin32.abi = "n32";
    gnuabielfv1.abi = "elfv1";
    gnuabielfv2.abi = "elfv2";
    musl = { };
    musleabi = soft;
    musleabihf = hard;
    muslabi64.abi = "64";
    muslabin32.abi = "n32";
    uclibc = { };
    uclibceabi = soft;
    uclibceabihf = hard;
  };

  types = {
    bitWidth = lib.types.enum [ 8 16 32 64 128 ];
    openSignificantByte = open "significant-byte" "Endianness" { };
    significantByte = closed significantBytes;
    openCpuType = open "cpu-type" "instruction set architecture name and information" {
      check = known: types.bitWidth.check known.bits
        && (if known.bits > 8 then types.significantByte.check known.significantByte else !known ? significantByte);
    };
    cpuType = closed cpuTypes;
    openVendor = open "vendor" "vendor for the platform" { };
    vendor = closed vendors;
    openExecFormat = open "exec-format" "executable container used by the kernel" { };
    execFormat = closed execFormats;
    openKernelFamily = open "exec-format" "executable container used by the kernel" { };
    kernelFamily = closed kernelFamilies;
    openKernel = open "kernel" "kernel name and information" {
      check = known: types.execFormat.check known.execFormat
        && lib.all types.kernelFamily.check (builtins.attrValues known.families);
    };
    kernel = closed kernels;
    openAbi = open "abi" "binary interface for compiled code and syscalls" { };
    abi = closed abis;
    parsedPlatform = open "system" "fully parsed representation of llvm- or nix-style platform tuple" {
      check = { cpu, vendor, kernel, abi }:
        types.cpuType.check cpu && types.vendor.check vendor && types.kernel.check kernel && types.abi.check abi;
    };
  };
in
{
  inherit abis cpuTypes execFormats kernelFamilies kernels significantBytes types vendors;
}
