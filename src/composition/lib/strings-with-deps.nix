# Pieces of text that have to stand after others, as NixOS's activation scripts are.
lib:
rec {
  # The texts in order: each after those that it depends on, and once.
  textClosureList = known: wanted:
    let
      go = done: list:
        if list == [ ] then { result = [ ]; inherit done; }
        else
          let
            entry = builtins.head list;
            rest = builtins.tail list;
            before = go done entry.deps;
            after = go before.done rest;
          in
          if builtins.isAttrs entry then { result = before.result ++ [ entry.text ] ++ after.result; inherit (after) done; }
          else if done ? ${entry} then go done rest
          else go (done // { ${entry} = true; }) ([ known.${entry} ] ++ rest);
    in
    (go { } wanted).result;
  textClosureMap = f: known: names: lib.concatMapStringsSep "\n" f (textClosureList known names);
  fullDepEntry = text: deps: { inherit text deps; };
  stringAfter = lib.flip fullDepEntry;
  noDepEntry = text: fullDepEntry text [ ];
  packEntry = fullDepEntry "";
}
