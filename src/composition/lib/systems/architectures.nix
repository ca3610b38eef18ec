# What `-march=` of GCC may be on each processor: the features that it has, and whose programs it runs.
lib:
let
  words = lib.splitString " ";
  sets = rec {
    v2 = [ "sse3" "ssse3" "sse4_1" "sse4_2" ];
    v3 = v2 ++ [ "avx" "avx2" "fma" ];
    v4 = v2 ++ [ "avx" "avx2" "avx512" "fma" ];
    avx = v2 ++ [ "avx" ];
    aes = v2 ++ [ "aes" "avx" "avx2" "fma" ];
    aes512 = v2 ++ [ "aes" "avx" "avx2" "avx512" "fma" ];
    jaguar = v2 ++ [ "aes" "avx" ];
    bulldozer = v2 ++ [ "sse4a" "aes" "avx" "fma" "fma4" ];
    excavator = v2 ++ [ "sse4a" "aes" "avx" "avx2" "fma" "fma4" ];
    zen = v2 ++ [ "sse4a" "aes" "avx" "avx2" "fma" ];
    zen512 = v2 ++ [ "sse4a" "aes" "avx" "avx2" "avx512" "fma" ];
    loongson = [ "div32" "frecipe" "lam-bh" "lamcas" "ld-seq-sa" ];
  };
  with' = features: names: lib.genAttrs (words names) (_: features);

  # Each begins with the nearest that it runs; what these run comes after.
  all = names: lib.unique (names ++ lib.concatMap (name: inferiors.${name}) names);
  runs = names: all (words names);

  features =
    with' [ ] "default x86-64 armv5te armv6 armv7-a armv8-a mips32 loongson2f"
    // with' sets.v2 "x86-64-v2 nehalem westmere silvermont btver1"
    // with' sets.v3 "x86-64-v3 haswell broadwell"
    // with' sets.v4 "x86-64-v4"
    // with' sets.avx "sandybridge ivybridge"
    // with' sets.aes "skylake alderlake sierraforest"
    // with' sets.aes512 "skylake-avx512 cannonlake icelake-client icelake-server rocketlake cascadelake cooperlake tigerlake sapphirerapids emeraldrapids"
    // with' sets.jaguar "btver2"
    // with' sets.bulldozer "bdver1 bdver2 bdver3"
    // with' sets.excavator "bdver4"
    // with' sets.zen "znver1 znver2 znver3"
    // with' sets.zen512 "znver4 znver5"
    // {
      loongarch64 = [ "fpu64" ];
      la464 = [ "fpu64" "lsx" "lasx" ];
      la664 = [ "fpu64" "lsx" "lasx" ] ++ sets.loongson;
      "la64v1.0" = [ "fpu64" "lsx" ];
      "la64v1.1" = [ "fpu64" "lsx" ] ++ sets.loongson;
    };

  inferiors =
    with' [ ] "default x86-64 armv8-a armv5te armv6 armv7-a mips32 loongson2f loongarch64"
    // builtins.mapAttrs (_: runs) {
      x86-64-v2 = "x86-64";
      x86-64-v3 = "x86-64-v2";
      x86-64-v4 = "x86-64-v3";
      nehalem = "x86-64-v2";
      westmere = "nehalem";
      sandybridge = "westmere";
      ivybridge = "sandybridge";
      haswell = "ivybridge x86-64-v3";
      broadwell = "haswell";
      skylake = "broadwell";
      skylake-avx512 = "skylake x86-64-v4";
      cannonlake = "skylake-avx512";
      icelake-client = "cannonlake";
      icelake-server = "icelake-client";
      cascadelake = "cannonlake";
      cooperlake = "cascadelake";
      tigerlake = "icelake-server";
      sapphirerapids = "tigerlake";
      emeraldrapids = "sapphirerapids";
      rocketlake = "x86-64-v4";
      alderlake = "skylake";
      sierraforest = "alderlake";
      btver1 = "x86-64";
      btver2 = "x86-64-v2";
      bdver1 = "x86-64-v2";
      bdver2 = "x86-64-v2";
      bdver3 = "x86-64-v2";
      bdver4 = "x86-64-v3";
      znver1 = "skylake";
      znver2 = "znver1";
      znver3 = "znver2";
      znver4 = "znver3 x86-64-v4";
      znver5 = "znver4";
      "armv8.1-a" = "armv8-a";
      "armv8.2-a" = "armv8.1-a";
      "armv8.3-a" = "armv8.2-a";
      "armv8.4-a" = "armv8.3-a";
      "armv8.5-a" = "armv8.4-a";
      "armv8.6-a" = "armv8.5-a";
      "armv8.7-a" = "armv8.6-a";
      "armv8.8-a" = "armv8.7-a";
      "armv8.9-a" = "armv8.8-a";
      armv9-a = "armv8.5-a";
      "armv9.2-a" = "armv9.1-a armv8.7-a";
      "armv9.3-a" = "armv9.2-a armv8.8-a";
      "armv9.4-a" = "armv9.3-a";
      cortex-a53 = "armv8-a";
      cortex-a72 = "armv8-a";
      ampere1 = "armv8.6-a cortex-a55 cortex-a76";
      ampere1a = "ampere1";
      ampere1b = "ampere1a";
      "la64v1.0" = "loongarch64";
      la464 = "la64v1.0";
      "la64v1.1" = "la64v1.0";
      la664 = "la464 la64v1.1";
    } // {
      # nixpkgs leaves out of these what their second and third run.
      "armv9.1-a" = [ "armv9-a" "armv8.6-a" ] ++ inferiors."armv8.6-a";
      cortex-a55 = [ "armv8.2-a" "cortex-a53" "cortex-a72" ] ++ inferiors."armv8.2-a";
      cortex-a76 = inferiors.cortex-a55;
    };

  supports = feature: arch: builtins.elem feature (features.${arch} or [ ]);
in
rec {
  inherit features inferiors;
  hasInferior = arch: other: inferiors ? ${arch} && builtins.elem other inferiors.${arch};
  canExecute = arch: other: arch == other || hasInferior arch other;
  predicates = lib.genAttrs' (words "sse3 ssse3 sse4_1 sse4_2 avx avx2 avx512 aes fma fma4 lsx lasx")
    (feature: lib.nameValuePair "${feature}Support" (supports feature))
  // { sse4_aSupport = supports "sse4a"; };
}
