# References to flakes.
_:
{
  inherit (builtins) parseFlakeRef flakeRefToString;
}
