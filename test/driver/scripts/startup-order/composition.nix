# Services that wait for each other: a database before its schema before the application.
{ pkgs, ... }:
let
  note = name: "echo ${name} >> /run/order";
in
{
  roles.machine = { ... }: {
    systemd.services = {
      database = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
        script = "sleep 0.3; ${note "database"}";
      };
      schema = {
        requires = [ "database.service" ];
        after = [ "database.service" ];
        serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
        script = note "schema";
      };
      application = {
        wantedBy = [ "multi-user.target" ];
        requires = [ "schema.service" ];
        after = [ "schema.service" ];
        script = "${note "application"}; exec sleep infinity";
      };
      orphan = {
        requires = [ "refusing.service" ];
        after = [ "refusing.service" ];
        script = "touch /run/orphan; exec sleep infinity";
      };
      refusing = {
        serviceConfig.Type = "oneshot";
        script = "exit 1";
      };
    };
  };

  testScript = ''
    start_all()

    with subtest("each comes after what it needs"):
        machine.wait_for_unit("application.service")
        machine.wait_until_succeeds("grep -q application /run/order", timeout=30)
        t.assertEqual(machine.succeed("cat /run/order").split(), ["database", "schema", "application"])
        for unit in ["database", "schema"]:
            machine.require_unit_state(unit, "active")

    with subtest("what needs something that fails is not started"):
        status, _ = machine.start_job("orphan")
        t.assertNotEqual(status, 0)
        machine.fail("test -e /run/orphan")
  '';
}
