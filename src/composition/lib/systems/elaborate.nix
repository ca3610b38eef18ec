# A platform with everything that nixpkgs knows of it, from its name or from what is said of it.
lib:
let
  inherit (builtins) mapAttrs removeAttrs;
  inherit (lib) optionalString;
  inherit (lib.systems) architectures functionNames inspect parse platforms systemToAttrs;
  first = import ./first.nix lib;
  languages = import ./languages.nix lib;

  # What `final` gives has to be what was said, or follow from it.
  consistent = given: final:
    if given ? linux-kernel then throw "lib.systems.elaborate: linux-kernel is no longer part of a platform (nixpkgs 26.11)"
    else
      assert final.useAndroidPrebuilt -> final.isAndroid;
      lib.all ({ assertion, message }: assertion final || throw message) (final.parsed.abi.assertions or [ ]);
in
systemOrArgs:
let
  given = systemToAttrs systemOrArgs;
  # These follow from the others.
  args = removeAttrs given [ "parsed" "system" "_withoutFunctions" ];
  is = first final;

  derived = {
    _withoutFunctions = removeAttrs final (functionNames ++ [ "_withoutFunctions" ]);
    parsed = parse.mkSystemFromString (args.config or given.system);
    system = parse.doubleFromSystem final.parsed;
    config = parse.tripleFromSystem final.parsed;
    inherit ({ gcc = args.gcc or { }; } // platforms.select final) gcc;
    rustc = args.rustc or { };
    useAndroidPrebuilt = false;
    useiOSPrebuilt = false;
    useLLVM = final.isFreeBSD || final.isOpenBSD;
    isStatic = final.isWasi || final.isRedox;

    libc = is "native/impure" [
      "isDarwin" "libSystem" "isMsvc" "ucrt" "isMinGW" "msvcrt" "isCygwin" "cygwin" "isWasi" "wasilibc" "isWasm" null
      "isRedox" "relibc" "isMusl" "musl" "isUClibc" "uclibc" "isAndroid" "bionic" "isLinux" "glibc" "isFreeBSD" "fblibc"
      "isOpenBSD" "oblibc" "isNetBSD" "nblibc" "isAvr" "avrlibc" "isGhcjs" null "isNone" "newlib"
    ];
    linker = if final.useLLVM or false then "lld" else is "bfd" [ "isDarwin" "cctools" ];
    libDir =
      if !final.isLinux then null
      else is "lib" [ "isx86_64" "lib64" "isMips64" "lib64" "isPower64" "lib64" ];
    hasSharedLibraries = !final.isStatic && is false [
      "isAndroid" true "isGnu" true "isMusl" true "isDarwin" true "isSunOS" true "isOpenBSD" true "isFreeBSD" true
      "isNetBSD" true "isCygwin" true "isMinGW" true "isWindows" true "isWasm" true
    ];
    extensions = {
      staticLibrary = is ".a" [ "isWindows" ".lib" ];
      library = if final.isStatic then final.extensions.staticLibrary else final.extensions.sharedLibrary;
      executable = is "" [ "isWindows" ".exe" "isCygwin" ".exe" ];
    } // lib.optionalAttrs final.hasSharedLibraries {
      sharedLibrary = is ".so" [ "isDarwin" ".dylib" "isWindows" ".dll" "isCygwin" ".dll" ];
    };

    uname = {
      system = {
        linux = "Linux";
        windows = "Windows";
        cygwin = "CYGWIN_NT";
        darwin = "Darwin";
        netbsd = "NetBSD";
        freebsd = "FreeBSD";
        openbsd = "OpenBSD";
        wasi = "Wasi";
        redox = "Redox";
        genode = "Genode";
      }.${final.parsed.kernel.name} or null;
      processor =
        let le = optionalString final.isLittleEndian "le"; in
        is final.parsed.cpu.name [ "isPower64" "ppc64${le}" "isPower" "ppc${le}" "isMips64" "mips64" "isDarwin" final.darwinArch ];
      release = null;
    };
    linuxArch = is final.parsed.cpu.name [
      "isAarch32" "arm" "isAarch64" "arm64" "isx86_32" "i386" "isx86_64" "x86_64" "isMicroBlaze" "microblaze"
      "isMips32" "mips" "isMips64" "mips" "isPower" "powerpc" "isRiscV" "riscv" "isSh4" "sh" "isS390" "s390"
      "isLoongArch64" "loongarch"
    ];
    ubootArch = is final.linuxArch [ "isx86_32" "x86" "isMips64" "mips64" ];
    qemuArch =
      let el = optionalString final.isLittleEndian "el"; in
      is final.uname.processor [
        "isAarch32" "arm" "isAarch64" "aarch64${optionalString final.isBigEndian "_be"}" "isS390x" final.uname.processor
        "isS390" null "isx86_64" "x86_64" "isx86" "i386" "isMips64n32" "mipsn32${el}" "isMips64" "mips64${el}"
      ];
    efiArch = is final.parsed.cpu.name [ "isx86_32" "ia32" "isx86_64" "x64" "isAarch32" "arm" "isAarch64" "aa64" ];

    darwinArch = parse.darwinArch final.parsed.cpu;
    darwinPlatform = is null [ "isMacOS" "macos" "isiOS" "ios" ];
    darwinSdkVersion = final.sdkVer or "14.4";
    darwinMinVersion = "14.0";
    darwinMinVersionVariable = is null [ "isMacOS" "MACOSX_DEPLOYMENT_TARGET" "isiOS" "IPHONEOS_DEPLOYMENT_TARGET" ];
    androidSdkVersion = args.androidSdkVersion or null;
    androidNdkVersion = args.androidNdkVersion or null;

    # Whether programs of `other` run here.
    canExecute = other:
      final.isAndroid == other.isAndroid
      && parse.isCompatible final.parsed.cpu other.parsed.cpu
      && final.parsed.kernel == other.parsed.kernel
      && (final.parsed.cpu == other.parsed.cpu && other ? gcc.arch
        -> final ? gcc.arch && architectures.canExecute final.gcc.arch other.gcc.arch);
    emulatorAvailable = pkgs: emulatorOf pkgs != null;
    staticEmulatorAvailable = pkgs: final.emulatorAvailable pkgs && is false [ "isLinux" true "isWasi" true "isMmix" true ];
    emulator = pkgs:
      if final.emulatorAvailable pkgs then emulatorOf pkgs
      else throw "lib.systems.elaborate: no emulator runs programs of ${final.config}";
  };

  # The program that runs those of this platform on the machine of `pkgs`.
  emulatorOf = pkgs:
    let
      host = pkgs.stdenv.hostPlatform;
      wine = (pkgs.winePackagesFor "wine${toString final.parsed.cpu.bits}").minimal;
    in
    if host.canExecute final then lib.getExe (pkgs.writeShellScriptBin "exec" ''exec "$@"'')
    else if final.isWindows then "${wine}/bin/wine"
    else if final.isLinux && host.isLinux && final.qemuArch != null then "${pkgs.qemu-user}/bin/qemu-${final.qemuArch}"
    else is null [
      "isWasi" "${pkgs.wasmtime}/bin/wasmtime"
      "isGhcjs" "${pkgs.nodejs-slim}/bin/node"
      "isMmix" "${pkgs.mmixware}/bin/mmix"
    ];

  final = derived
    // mapAttrs (_: holds: holds final.parsed) inspect.predicates
    // mapAttrs (_: holds: holds (final.gcc.arch or "default")) architectures.predicates
    // args
    // languages args final;
in
assert consistent given final;
final
