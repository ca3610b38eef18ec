# The platforms that packages name ("x86_64-linux"), and groups of them by what they have in common.
lib:
let
  inherit (lib.systems) parse;
  inherit (lib.systems.inspect) predicates;

  # kernel → its processors
  on = kernel: cpus: map (cpu: "${cpu}-${kernel}") (lib.splitString " " cpus);
  all =
    on "cygwin" "i686 x86_64"
    ++ on "darwin" "x86_64 aarch64"
    ++ on "freebsd" "i686 x86_64 aarch64"
    ++ on "genode" "aarch64 i686 x86_64"
    ++ on "solaris" "x86_64"
    ++ on "ghcjs" "javascript"
    ++ on "linux" "aarch64 arc armv5tel armv6l armv7a armv7l i686 loongarch64 m68k sh4 microblaze microblazeel mips mips64 mips64el mipsel powerpc powerpc64 powerpc64le riscv32 riscv64 s390 s390x x86_64"
    ++ on "mmixware" "mmix"
    ++ on "netbsd" "aarch64 armv6l armv7a armv7l i686 m68k mipsel powerpc riscv32 riscv64 x86_64"
    ++ on "none" "aarch64_be aarch64 arm armv6l avr i686 microblaze microblazeel mips mips64 msp430 or1k m68k powerpc powerpcle riscv32 riscv64 rx s390 s390x vc4 x86_64"
    ++ on "openbsd" "i686 x86_64"
    ++ on "redox" "x86_64"
    ++ on "wasi" "wasm64 wasm32"
    ++ on "windows" "aarch64 x86_64 i686"
    ++ on "uefi" "aarch64 x86_64";
  parsed = map parse.mkSystemFromString all;
  which = holds: map parse.doubleFromSystem (builtins.filter holds parsed);
  withAbi = name: which (lib.matchAttrs { kernel = parse.kernels.linux; abi = parse.abis.${name}; });
in
{
  inherit all;
  none = [ ];
  # Ordered by the ABI.
  gnu = lib.concatMap withAbi [ "gnu" "gnueabi" "gnueabihf" "gnuabin32" "gnuabi64" "gnuabielfv1" "gnuabielfv2" ];
}
// builtins.mapAttrs (_: property: which predicates.${property}) {
  arm = "isAarch32";
  armv7 = "isArmv7";
  aarch = "isAarch";
  aarch64 = "isAarch64";
  x86 = "isx86";
  i686 = "isi686";
  x86_64 = "isx86_64";
  microblaze = "isMicroBlaze";
  mips = "isMips";
  mmix = "isMmix";
  power = "isPower";
  riscv = "isRiscV";
  riscv32 = "isRiscV32";
  riscv64 = "isRiscV64";
  rx = "isRx";
  vc4 = "isVc4";
  or1k = "isOr1k";
  m68k = "isM68k";
  arc = "isArc";
  sh4 = "isSh4";
  s390 = "isS390";
  s390x = "isS390x";
  loongarch64 = "isLoongArch64";
  js = "isJavaScript";
  bigEndian = "isBigEndian";
  littleEndian = "isLittleEndian";
  cygwin = "isCygwin";
  darwin = "isDarwin";
  freebsd = "isFreeBSD";
  illumos = "isSunOS";
  linux = "isLinux";
  netbsd = "isNetBSD";
  openbsd = "isOpenBSD";
  unix = "isUnix";
  wasi = "isWasi";
  redox = "isRedox";
  windows = "isWindows";
  genode = "isGenode";
  uefi = "isUefi";
  embedded = "isNone";
}
