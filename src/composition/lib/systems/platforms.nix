# What GCC is set to on processors and machines, and which of it a platform has by default.
lib:
let
  arch = name: { gcc.arch = name; };
  mips = arch: abi: { gcc = { inherit arch abi; }; };
in
rec {
  armv5tel-multiplatform = arch "armv5te";
  raspberrypi.gcc = { arch = "armv6kz"; fpu = "vfpv2"; };
  raspberrypi2 = armv7l-hf-multiplatform;
  armv7l-hf-multiplatform.gcc = { arch = "armv7-a"; fpu = "vfpv3-d16"; };
  armv7a-android.gcc = { arch = "armv7-a"; fpu = "vfpv3-d16"; float-abi = "softfp"; };
  zero-gravitas.gcc = { cpu = "cortex-a9"; fpu = "neon"; };
  zero-sugar.gcc = { cpu = "cortex-a7"; fpu = "neon-vfpv4"; float-abi = "hard"; };
  bluefield2 = arch "armv8-a+fp+simd+crc+crypto";
  aarch64-multiplatform = arch "armv8-a";
  apple-m1.gcc = { arch = "armv8.3-a+crypto+sha2+aes+crc+fp16+lse+simd+ras+rdm+rcpc"; cpu = "apple-a13"; };

  ben_nanonote.gcc = { arch = "mips32"; float = "soft"; };
  fuloong2f_n32.gcc = { arch = "loongson2f"; float = "hard"; abi = "n32"; };
  gcc_mips32r2_o32 = mips "mips32r2" "32";
  gcc_mips32r6_o32 = mips "mips32r6" "32";
  gcc_mips64r2_n32 = mips "mips64r2" "n32";
  gcc_mips64r6_n32 = mips "mips64r6" "n32";
  gcc_mips64r2_64 = mips "mips64r2" "64";
  gcc_mips64r6_64 = mips "mips64r6" "64";

  loongarch64-multiplatform.gcc = { arch = "la64v1.0"; cmodel = "medium"; strict-align = false; };

  select = platform:
    let version = platform.parsed.cpu.version or null; in
    if platform.isAarch32 then
      if version == null then { }
      else if lib.versionOlder version "6" then armv5tel-multiplatform
      else if lib.versionOlder version "7" then raspberrypi
      else armv7l-hf-multiplatform
    else if platform.isAarch64 then if platform.isDarwin then apple-m1 else aarch64-multiplatform
    else if platform.isLoongArch64 then loongarch64-multiplatform
    else if platform.parsed.cpu == lib.systems.parse.cpuTypes.mipsel then lib.systems.examples.mipsel-linux-gnu
    else { };
}
