import { describe, expect, it } from 'vitest';
import { build, buildRole, failure, roleFile } from './build.js';

describe('what runs on NixOS alone', () => {
  it.each([
    ['services.redis.servers."".enable = true;', 'services.redis.servers.""'],
    ['services.redis.servers = { a = { enable = true; port = 1; }; };', 'services.redis.servers.a'],
    ['services.nfs.server = { enable = true; exports = "/srv *(rw)"; };', 'services.nfs.server'],
    ['services.slurm.client.enable = true;', 'services.slurm.client'],
    [
      'services.slurm = lib.mkIf true { dbdserver.enable = lib.mkDefault true; };',
      'services.slurm.dbdserver',
    ],
    ['services.prometheus.exporters.node.enable = true;', 'services.prometheus.exporters.node'],
    [
      'services.prometheus = { enable = false; exporters.node = { enable = true; }; };',
      'services.prometheus.exporters.node',
    ],
    ['services.hadoop.hdfs.namenode.enable = true;', 'services.hadoop.hdfs.namenode'],
    ['services.kubernetes.roles = [ "master" ];', 'services.kubernetes.roles'],
    ['services.phpfpm.pools.web.user = "a";', 'services.phpfpm.pools.web'],
    [
      'virtualisation.oci-containers = { backend = "docker"; containers.w.image = "w"; };',
      'virtualisation.oci-containers.containers.w',
    ],
    ['virtualisation.docker.enable = true;', 'virtualisation.docker'],
    ['containers.box = { autoStart = true; config = { }; };', 'containers.box'],
    ['programs.zsh.enable = true;', 'programs.zsh'],
    ['systemd.mounts = [ { where = "/x"; } ];', 'systemd.mounts'],
    ['systemd.user.services.a.script = "x";', 'systemd.user'],
    ['specialisation.x.configuration.networking.hostName = "a";', 'specialisation'],
  ])('is one error wherever the switch stands: %s', async (body, option) => {
    expect(await failure(roleFile(body))).toContain(
      `${option} needs NixOS itself, which the flavour local does not have\nat /project/composition.nix:3:`,
    );
  });

  it.each([
    'services.redis.servers."".enable = false;',
    'services.nginx = { enable = false; package = throw "never"; };',
    'services.xserver = { displayManager = { }; };',
    'virtualisation.oci-containers.containers = { };',
    'virtualisation.docker.enable = false;',
    'services.prometheus.exporters = { node = { enable = false; port = 1; }; };',
    'services.nginx.enable = lib.mkIf false true;',
    'systemd.mounts = [ ]; systemd.timers = { }; specialisation.x.configuration = { };',
    'imports = [ { services.nginx.enable = true; } ]; services.nginx.enable = lib.mkForce false;',
  ])('is nothing while it is switched off: %s', async body => {
    const { units } = await buildRole(body);
    expect(units).toEqual([]);
  });

  it('is reported for each switch of a service', async () => {
    const message = await failure(
      roleFile(
        'services.prometheus = { enable = true; }; services.slurm = { server.enable = true; client.enable = true; };',
      ),
    );
    expect(message).toContain('3 problems');
  });
});

describe('an option without effect', () => {
  it('is not computed, and is named', async () => {
    const { warnings } = await build(
      roleFile(`
    boot.kernelPackages = pkgs.linuxKernel.packages.linux_6_6.absent.deep;
    boot.extraModulePackages = throw "computed";
    networking.firewall = { allowedTCPPorts = throw "computed"; };
    hardware = { graphics.enable = throw "computed"; };
    security = throw "computed";
    system.autoUpgrade.enable = false;
    environment.noXlibs = false;
    systemd.enableUnifiedCgroupHierarchy = false;`),
    );
    expect(warnings).toEqual([
      'no effect on the flavour local: boot.extraModulePackages, boot.kernelPackages, environment.noXlibs, ' +
        'hardware.graphics.enable, networking.firewall.allowedTCPPorts, security, system.autoUpgrade, ' +
        'systemd.enableUnifiedCgroupHierarchy',
    ]);
  });

  it.each(
    `appstream.enable boot.isContainer console.keyMap documentation.enable environment.shells
    fileSystems."/".device fonts.packages hardware.cpu.intel.updateMicrocode i18n.defaultLocale
    networking.useDHCP networking.wg-quick.interfaces nix.gc.automatic nixpkgs.config.allowUnfree
    powerManagement.cpuFreqGovernor security.sudo.wheelNeedsPassword security.pam.loginLimits services.timesyncd.enable
    sound.enable swapDevices system.nixos.label systemd.network.enable systemd.coredump.enable time.hardwareClockInLocalTime
    users.mutableUsers users.motd virtualisation.memorySize virtualisation.vlans virtualisation.vmVariant.x xdg.portal.enable
    zramSwap.enable services.openssh.settings.PermitRootLogin`.split(/\s+/),
  )('is known: %s', async option => {
    const { warnings } = await buildRole(`${option} = 1;`);
    expect(warnings.join()).toContain('no effect on the flavour local');
  });
});

describe('an option by its older name', () => {
  it('is the option', async () => {
    const role = await buildRole(`
    require = [ { environment.variables.A = "1"; } ];
    users.extraUsers.ann = { isNormalUser = true; };
    users.users.bob = { isNormalUser = true; home = config.users.extraUsers.ann.home or "/home/b"; };
    users.extraGroups.lab.members = [ "ann" ];`);
    expect(role.variables.A).toBe('1');
    expect(role.users.map(({ name }) => name).sort()).toEqual(['ann', 'bob']);
    expect(role.groups).toEqual([{ name: 'lab', members: ['ann'] }]);
    expect(role.warnings).toEqual([]);
  });
});

describe('an option that nobody knows', () => {
  it.each([
    ['sevrices.nginx.enable = true;', 'there is no option sevrices\ndid you mean services?'],
    [
      'users.users.ann.isNormalUsr = true;',
      'there is no option users.users.ann.isNormalUsr\ndid you mean users.users.ann.isNormalUser?',
    ],
    [
      'environment.systemPackage = [ ];',
      'the flavour local does not know the option environment.systemPackage\ndid you mean environment.systemPackages?',
    ],
    [
      'networking.firewal.enable = true;',
      'the flavour local does not know the option networking.firewal\ndid you mean networking.firewall?',
    ],
    [
      'environment.quiteNew = 1;',
      'if it is an option of NixOS (search.nixos.org/options), build for a flavour that has it',
    ],
    ['services.postgres.enable = true;', 'services.postgresql, '],
  ])('is denied only where all names are known: %s', async (body, message) => {
    expect(await failure(roleFile(body))).toContain(message);
  });
});
