# Platforms to build for, by name.
lib:
let
  inherit (lib.systems) platforms;
  config = text: { config = text; };
  linux = cpu: abi: config "${cpu}-unknown-linux-${abi}";
  bare = triple: { config = triple; libc = "newlib"; };
  llvm = triple: { config = triple; useLLVM = true; };
  rust = rustcTarget: { rust = { inherit rustcTarget; }; };
  android = { androidSdkVersion = "35"; androidNdkVersion = "27"; useAndroidPrebuilt = true; };
  iphone = triple: xcodePlatform: {
    config = triple;
    inherit xcodePlatform;
    darwinSdkVersion = "14.3";
    xcodeVer = "12.3";
    useiOSPrebuilt = true;
  };
  mac = triple: { config = triple; xcodePlatform = "MacOSX"; platform = { }; };
  uefi = cpu: llvm "${cpu}-unknown-uefi" // { libc = null; linker = "lld"; };
  mingw = cpu: libc: { config = "${cpu}-w64-mingw32"; inherit libc; };
in
rec {
  gnu64 = linux "x86_64" "gnu";
  gnu32 = linux "i686" "gnu";
  musl64 = linux "x86_64" "musl";
  musl32 = linux "i686" "musl";

  armv5tel-multiplatform = linux "armv5tel" "gnueabi";
  raspberryPi = linux "armv6l" "gnueabihf" // platforms.raspberrypi;
  muslpi = raspberryPi // linux "armv6l" "musleabihf";
  armv7l-hf-multiplatform = linux "armv7l" "gnueabihf";
  remarkable1 = armv7l-hf-multiplatform // platforms.zero-gravitas;
  remarkable2 = armv7l-hf-multiplatform // platforms.zero-sugar;
  armv7a-android-prebuilt = linux "armv7a" "androideabi" // android // rust "armv7-linux-androideabi" // platforms.armv7a-android;
  aarch64-multiplatform = linux "aarch64" "gnu";
  aarch64-multiplatform-musl = linux "aarch64" "musl";
  bluefield2 = aarch64-multiplatform // platforms.bluefield2;
  aarch64-android-prebuilt = linux "aarch64" "android" // android // rust "aarch64-linux-android";
  aarch64-android = linux "aarch64" "android" // android // { libc = "bionic"; useAndroidPrebuilt = false; useLLVM = true; };

  powernv = linux "powerpc64le" "gnu";
  musl-power = linux "powerpc64le" "musl";
  ppc64 = ppc64-elfv2;
  ppc64-elfv1 = linux "powerpc64" "gnuabielfv1";
  ppc64-elfv2 = linux "powerpc64" "gnuabielfv2";
  ppc64-musl = linux "powerpc64" "musl" // { gcc.abi = "elfv2"; };
  ppc32 = linux "powerpc" "gnu" // rust "powerpc-unknown-linux-gnu";

  ben-nanonote = linux "mipsel" "uclibc" // platforms.ben_nanonote;
  fuloongminipc = linux "mipsel" "gnu" // platforms.fuloong2f_n32;
  mips-linux-gnu = linux "mips" "gnu" // platforms.gcc_mips32r2_o32;
  mipsel-linux-gnu = linux "mipsel" "gnu" // platforms.gcc_mips32r2_o32;
  mips64-linux-gnuabin32 = linux "mips64" "gnuabin32" // platforms.gcc_mips64r2_n32;
  mips64el-linux-gnuabin32 = linux "mips64el" "gnuabin32" // platforms.gcc_mips64r2_n32;
  mips64-linux-gnuabi64 = linux "mips64" "gnuabi64" // platforms.gcc_mips64r2_64;
  mips64el-linux-gnuabi64 = linux "mips64el" "gnuabi64" // platforms.gcc_mips64r2_64;

  riscv64 = linux "riscv64" "gnu";
  riscv64-musl = linux "riscv64" "musl";
  riscv32 = linux "riscv32" "gnu";
  loongarch64-linux = linux "loongarch64" "gnu" // platforms.loongarch64-multiplatform;
  loongarch64-linux-embedded = lib.recursiveUpdate loongarch64-linux { gcc = { arch = "loongarch64"; strict-align = true; }; };
  m68k = linux "m68k" "gnu";
  arc = linux "arc" "gnu";
  sh4 = linux "sh4" "gnu";
  s390 = linux "s390" "gnu";
  s390x = linux "s390x" "gnu";

  mmix = bare "mmix-unknown-mmixware";
  rx-embedded = bare "rx-none-elf";
  msp430 = bare "msp430-elf";
  avr = config "avr";
  vc4 = bare "vc4-elf";
  or1k = bare "or1k-elf";
  riscv64-embedded = bare "riscv64-none-elf";
  riscv32-embedded = bare "riscv32-none-elf";
  mips64-embedded = bare "mips64-none-elf";
  mips-embedded = bare "mips-none-elf";
  arm-embedded = bare "arm-none-eabi";
  arm-embedded-nano = arm-embedded // { libc = "newlib-nano"; };
  armhf-embedded = bare "arm-none-eabihf" // { gcc = { arch = "armv5t"; fpu = "vfp"; }; };
  aarch64-embedded = bare "aarch64-none-elf" // rust "aarch64-unknown-none";
  aarch64be-embedded = bare "aarch64_be-none-elf";
  ppc-embedded = bare "powerpc-none-eabi";
  ppcle-embedded = bare "powerpcle-none-eabi";
  i686-embedded = bare "i686-elf";
  x86_64-embedded = bare "x86_64-elf";
  microblaze-embedded = bare "microblazeel-none-elf";

  iphone64 = iphone "arm64-apple-ios" "iPhoneOS";
  iphone64-simulator = iphone "x86_64-apple-ios" "iPhoneSimulator" // { darwinPlatform = "ios-simulator"; };
  aarch64-darwin = mac "arm64-apple-darwin";
  x86_64-darwin = mac "x86_64-apple-darwin";

  x86_64-unknown-uefi = uefi "x86_64";
  aarch64-unknown-uefi = uefi "aarch64";

  mingw-msvcrt-i686 = mingw "i686" "msvcrt";
  mingw-msvcrt-x86_64 = mingw "x86_64" "msvcrt";
  mingw-ucrt-x86_64 = mingw "x86_64" "ucrt";
  mingw-ucrt-x86_64-llvm = mingw-ucrt-x86_64 // rust "x86_64-pc-windows-gnullvm" // { useLLVM = true; };
  mingw-ucrt-aarch64 = mingw "aarch64" "ucrt" // rust "aarch64-pc-windows-gnullvm" // { useLLVM = true; };
  mingw32 = mingw-msvcrt-i686;
  mingwW64 = mingw-msvcrt-x86_64;
  ucrt64 = mingw-ucrt-x86_64;
  ucrtAarch64 = mingw-ucrt-aarch64;
  x86_64-windows = llvm "x86_64-pc-windows-msvc";
  aarch64-windows = llvm "aarch64-pc-windows-msvc";
  x86_64-cygwin = config "x86_64-pc-cygwin";

  aarch64-freebsd = llvm "aarch64-unknown-freebsd";
  x86_64-freebsd = llvm "x86_64-unknown-freebsd";
  x86_64-netbsd = config "x86_64-unknown-netbsd";
  x86_64-netbsd-llvm = llvm "x86_64-unknown-netbsd";
  x86_64-openbsd = llvm "x86_64-unknown-openbsd";

  wasi32 = llvm "wasm32-unknown-wasi";
  wasm32-unknown-none = llvm "wasm32-unknown-none" // rust "wasm32-unknown-unknown";
  ghcjs = config "javascript-unknown-ghcjs";
}
