/** What there is to know of options that NixOS has and `local` has not, by their places. */

const below = (prefix: string, names: string): string[] => names.split(/\s+/).map(name => prefix + name);

/** Options, and whole groups of them, that say nothing about how programs run on a node of `local`. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...below(
    '',
    `boot hardware nix nixpkgs documentation security virtualisation fileSystems swapDevices console fonts powerManagement power i18n
    sound zramSwap xdg qt qt4 qt5 location image isoImage sdImage gtk lib ids passthru appstream dysnomia krb5 ec2 amazonImage
    openstack virtualbox vmware proxmox proxmoxLXC netboot oci snapraid testing test-support jobs`,
  ),
  ...below(
    'services.',
    `openssh sshd journald timesyncd resolved nscd logind getty mingetty udev qemuGuest chrony ntp openntpd fwupd dbus haveged
    irqbalance fstrim smartd thermald upower udisks2 spice-vdagentd cloud-init xe-guest-utilities`,
  ),
  ...below('programs.', 'bash ssh dconf nix-ld nix-index command-not-found'),
  ...below(
    'system.',
    `stateVersion build switch nixos configurationRevision name extraSystemBuilderCmds extraDependencies autoUpgrade nssModules
    nssDatabases copySystemConfiguration defaultChannel tools rebuild disableInstallerTools includeBuildDependencies
    forbiddenDependenciesRegex forbiddenDependenciesRegexes checks path fsPackages requiredKernelConfig replaceRuntimeDependencies
    replaceDependencies boot etc image preSwitchChecks modulesTree`,
  ),
  ...below(
    'systemd.',
    `network coredump enableEmergencyMode extraConfig settings oomd watchdog sleep enableUnifiedCgroupHierarchy
    enableCgroupAccounting enableStrictShellChecks package defaultUnit ctrlAltDelUnit suppressedSystemUnits
    additionalUpstreamSystemUnits additionalUpstreamUserUnits suppressedUserUnits shutdown shutdownRamfs generators sysusers repart
    sysupdate homed userdbd`,
  ),
  ...below('nxc.', 'root-sshKeys baseBootCommands qemu-script wait-online sharedDirsBootCommands'),
  ...below(
    'environment.',
    `shellInit loginShellInit extraInit extraSetup shells pathsToLink binsh usrbinenv extraOutputsToInstall defaultPackages
    corePackages homeBinInPath localBinInPath enableAllTerminfo enableDebugInfo noXlibs profiles profileRelativeEnvVars
    profileRelativeSessionVariables freetds unixODBCDrivers stub-ld ldso ldso32 memoryAllocator wordlist blcr gnome gnome3 lxqt
    mate pantheon plasma5 plasma6 xfce cinnamon budgie cosmic deepin enlightenment`,
  ),
  ...below(
    'users.',
    'mutableUsers defaultUserShell motd motdFile allowNoPasswordLogin enforceIdUniqueness ldap manageLingering',
  ),
  ...below('time.', 'hardwareClockInLocalTime'),
  ...below(
    'networking.',
    `firewall nftables nat interfaces useDHCP dhcpcd networkmanager nameservers defaultGateway defaultGateway6 wireless wireguard
    wg-quick bridges bonds vlans macvlans sits ipips fooOverUDP greTunnels vswitches domain search fqdn fqdnOrHostName hostId
    enableIPv6 enableB43Firmware enableIntel2200BGFirmware useNetworkd useHostResolvConf resolvconf timeServers proxy
    usePredictableInterfaceNames localCommands tempAddresses stevenblack hostFiles iproute2 rxe dnsExtensionMechanism
    dnsSingleRequest extraResolvconfConf primaryIPv6Address jool modemmanager supplicant tcpcrypt ucarp
    wlanInterfaces wicd connman`,
  ),
]);

/** Options that do something that `local` does not have: with nothing in them, they are nothing to it. */
export const NEEDS_NIXOS: ReadonlySet<string> = new Set([
  ...below('', 'services programs containers docker-containers specialisation nesting systemd'),
  ...below(
    'virtualisation.',
    `oci-containers docker podman containerd cri-o libvirtd lxd lxc incus xen waydroid anbox multipass openvswitch vswitch rkt
    railcar ecs-agent vmware virtualbox docker-containers`,
  ),
  ...below('system.', 'services userActivationScripts'),
]);

/** Groups whose members run because they are there. */
export const RUNNING_GROUPS: readonly string[] = [
  'containers',
  'docker-containers',
  'specialisation',
  'nesting',
  'systemd',
  'system',
];

/** Sets and lists inside services that run what is in them without any `enable`. */
export const RUNNING: ReadonlySet<string> = new Set([
  ...below('virtualisation.', 'oci-containers.containers docker-containers'),
  ...below(
    'services.',
    `kubernetes.roles phpfpm.pools openvpn.servers autossh.sessions borgbackup.jobs restic.backups wordpress.sites dokuwiki.sites
    invoiceplane.sites fcgiwrap.instances nebula.networks consul-template.instances vault-agent.instances
    postgresqlWalReceiver.receivers snapper.configs errbot.instances tinc.networks`,
  ),
]);

/** Services parts of which run whether or not the whole is switched on. */
export const OF_PARTS: ReadonlySet<string> = new Set(
  below('services.', 'prometheus xserver kubernetes slurm nfs hadoop spark'),
);

/** Names below which there are values for a program's own files, and no options. */
export const FREE_FORM: ReadonlySet<string> = new Set(
  below(
    '',
    'settings config configuration extraConfig extraOptions environment virtualHosts package properties',
  ),
);

/** Names at the top of the option tree of NixOS; every other one is somebody's own. */
export const TOP_LEVEL: ReadonlySet<string> = new Set([
  ...[...WITHOUT_EFFECT, ...NEEDS_NIXOS].map(place => place.split('.')[0]!),
  ...below('', 'assertions warnings users environment networking time system nxc meta'),
]);

/** Trees all of whose options `local` knows: another name in them is a mistake. */
export const COMPLETE = ['systemd.services.*', 'users.users.*', 'users.groups.*', 'environment.etc.*'];
