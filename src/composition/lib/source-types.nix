# Where a package's content comes from.
lib:
lib.genAttrs [ "fromSource" "binaryNativeCode" "binaryBytecode" "binaryFirmware" "obfuscatedCode" ]
  (shortName: { inherit shortName; isSource = shortName == "fromSource"; })
