# Arguments of fetchers: the one hash among them.
lib:
let
  inherit (builtins) attrNames head intersectAttrs length;

  names = hashTypes: [ "hash" ] ++ hashTypes;
  fakes = { hash = lib.fakeHash; sha256 = lib.fakeSha256; sha512 = lib.fakeSha512; };
in
rec {
  proxyImpureEnvVars =
    let variables = [ "http_proxy" "https_proxy" "ftp_proxy" "all_proxy" "no_proxy" ]; in
    variables ++ map lib.toUpper variables ++ [ "NIX_SSL_CERT_FILE" ];

  normalizeHash = { hashTypes ? [ "sha256" ], required ? true }: args:
    let
      given = attrNames (intersectAttrs (lib.genAttrs (names hashTypes) lib.id) args);
      name = head given;
      outputHash =
        if args.${name} != "" then args.${name}
        else fakes.${name} or (throw "lib.fetchers.normalizeHash: ${name} has no fake hash");
      output =
        if given == [ ] then lib.throwIf required "lib.fetchers.normalizeHash: the fetcher is called without a hash" { }
        else if length given > 1 then throw "lib.fetchers.normalizeHash: the fetcher is called with several hashes: ${lib.concatStringsSep ", " given}"
        else { outputHashAlgo = if name == "hash" then null else name; inherit outputHash; };
    in
    if args ? outputHash then args else removeAttrs args (names hashTypes) // output;

  # A fetcher that takes outputHash and outputHashAlgo, as one that takes hash or an older name.
  withNormalizedHash = { hashTypes ? [ "sha256" ] }: fetcher:
    let takes = lib.functionArgs fetcher; in
    assert takes ? outputHash && takes ? outputHashAlgo && !lib.any (name: takes ? ${name}) (names hashTypes);
    lib.setFunctionArgs
      (args: fetcher (normalizeHash { inherit hashTypes; required = !takes.outputHash; } args))
      (removeAttrs takes [ "outputHash" "outputHashAlgo" ] // { hash = takes.outputHash; });
}
