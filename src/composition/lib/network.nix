# Addresses.
lib:
let
  inherit (builtins) elemAt genList head length match;

  pieces = 8;
  bits = 128;
  zeros = n: genList (_: "0") n;

  # The eight pieces of an address, with the zeros that "::" stands for.
  expand = address:
    let
      all = lib.splitString ":" address;
      given = lib.remove "" all;
      gap = lib.hasInfix "::" address;
      atEnd = lib.hasPrefix "::" address || lib.hasSuffix "::" address;
      missing = zeros (pieces - length given);
      empty = length all - length given;
      right =
        empty == (if atEnd then 2 else if gap then 1 else 0)
        && (if gap then length given < pieces else length given == pieces);
    in
    if match "[0-9A-Fa-f:]+" address == null then throw "lib.network.ipv6: ${address} has characters that no IPv6 address has"
    else if address == "::" then zeros pieces
    else if !right then throw "lib.network.ipv6: ${address} is no IPv6 address"
    else if lib.hasPrefix "::" address then missing ++ given
    else if lib.hasSuffix "::" address then given ++ missing
    else builtins.concatMap (piece: if piece == "" then missing else [ piece ]) all;

  number = hex:
    let n = lib.fromHexString hex; in
    if n <= 65535 then n else throw "lib.network.ipv6: ${hex} is more than the 16 bits of a piece";
  show = address: lib.concatMapStringsSep ":" (piece: lib.toLower (lib.toHexString (number piece))) (expand address);
  length' = text: given:
    let n = lib.toInt given; in
    if 1 <= n && n <= bits then n else throw "lib.network.ipv6: ${text}: the length of a prefix is from 1 to ${toString bits}";
in
{
  ipv6 = {
    fromString = text:
      let parts = lib.splitString "/" text; in
      if length parts > 2 then throw "lib.network.ipv6: ${text} is no address with a length of its prefix"
      else {
        address = show (head parts);
        prefixLength = if length parts == 1 then bits else length' text (elemAt parts 1);
      };
    # The second half of the address that a card with this MAC address gives itself.
    mkEUI64Suffix = mac:
      let
        octet = "([0-9A-Fa-f]{2})";
        found = match (lib.concatStringsSep "[-:.]?" (lib.replicate 6 octet)) mac;
        at = elemAt found;
        first = lib.toHexString (builtins.bitXor 512 (lib.fromHexString (at 0 + at 1)));
      in
      if found == null then throw "lib.network.ipv6.mkEUI64Suffix: ${builtins.toJSON mac} is no MAC address of six octets"
      else lib.toLower "${first}:${at 2}ff:fe${at 3}:${at 4}${at 5}";
  };
}
