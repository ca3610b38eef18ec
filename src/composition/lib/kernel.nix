# Settings of a Linux kernel's configuration.
lib:
let
  state = tristate: { inherit tristate; optional = false; };
in
{
  yes = state "y";
  no = state "n";
  module = state "m";
  unset = state null;
  option = setting: setting // { optional = true; };
  freeform = value: { freeform = value; optional = false; };
  whenHelpers = version: {
    whenAtLeast = lowest: lib.mkIf (lib.versionAtLeast version lowest);
    whenOlder = limit: lib.mkIf (lib.versionOlder version limit);
    whenBetween = lowest: limit: lib.mkIf (lib.versionAtLeast version lowest && lib.versionOlder version limit);
  };
}
