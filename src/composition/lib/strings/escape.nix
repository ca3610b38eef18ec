# Texts inside other texts: regular expressions, Nix, XML, URLs, C, systemd.
lib:
let
  inherit (builtins) attrNames match replaceStrings toJSON;

  printable = lib.stringToCharacters " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  codes = builtins.listToAttrs (lib.imap0 (i: name: { inherit name; value = 32 + i; }) printable)
    // { "\t" = 9; "\n" = 10; "\r" = 13; };
  hex = c: lib.fixedWidthString 2 "0" (lib.toHexString codes.${c});
  urlReserved = builtins.filter (c: match "[A-Za-z0-9._~-]" c == null) (attrNames codes);
  keywords = [ "assert" "else" "if" "in" "inherit" "let" "or" "rec" "then" "with" ];
in
rec {
  # The code of a character of ASCII; nixpkgs knows no others either.
  charToInt = c: builtins.getAttr c codes;
  escape = characters: replaceStrings characters (map (c: "\\${c}") characters);
  escapeC = characters: replaceStrings characters (map (c: "\\x${lib.toLower (hex c)}") characters);
  # Regular expressions of builtins.match are POSIX extended.
  escapeRegex = escape (lib.stringToCharacters "\\[{()^$?*+|.");
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  # Bytes outside ASCII stay as they are.
  escapeURL = replaceStrings urlReserved (map (c: "%${hex c}") urlReserved);
  escapeNixString = text: escape [ "$" ] (toJSON text);
  escapeNixIdentifier = name:
    if match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null && !builtins.elem name keywords then name else escapeNixString name;
}
