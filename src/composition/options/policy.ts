import { AttrSet, NixError } from '../../nix/index.js';
import { force } from '../../nix/value.js';
import { nearest } from '../../suggest.js';
import { flavourCatalogue } from '../flavour-catalogue.js';
import { type Definition, discharge, type Place, showPlace } from '../modules/definition.js';
import type { Stray } from '../modules/index.js';
import type { Options } from '../modules/option.js';

const words = (prefix: string, names: string): string[] => names.split(' ').map(name => prefix + name);

/** Options, and whole groups of them, that say nothing about how programs run on a node of `local`. */
const WITHOUT_EFFECT = [
  ...words(
    '',
    'boot hardware nix nixpkgs documentation security virtualisation fileSystems swapDevices console fonts',
  ),
  ...words('', 'powerManagement i18n sound zramSwap xdg qt location image isoImage gtk'),
  ...words(
    'services.',
    'openssh sshd journald timesyncd resolved nscd logind getty udev qemuGuest chrony ntp fwupd',
  ),
  ...words('system.', 'stateVersion build switch nixos configurationRevision name extraSystemBuilderCmds'),
  ...words('systemd.', 'network coredump enableEmergencyMode extraConfig settings oomd watchdog sleep'),
  ...words('nxc.', 'root-sshKeys baseBootCommands qemu-script wait-online sharedDirsBootCommands'),
  ...words('environment.', 'shellInit loginShellInit extraInit shells pathsToLink'),
  ...words(
    'environment.',
    'extraOutputsToInstall defaultPackages homeBinInPath localBinInPath enableAllTerminfo',
  ),
  ...words(
    'users.',
    'mutableUsers defaultUserShell motd motdFile allowNoPasswordLogin enforceIdUniqueness ldap',
  ),
  ...words('time.', 'hardwareClockInLocalTime'),
  ...words(
    'networking.',
    'firewall nftables nat interfaces useDHCP dhcpcd networkmanager nameservers defaultGateway',
  ),
  ...words(
    'networking.',
    'defaultGateway6 wireless wireguard bridges bonds vlans domain search fqdn hostId enableIPv6',
  ),
  ...words(
    'networking.',
    'useNetworkd useHostResolvConf resolvconf timeServers proxy usePredictableInterfaceNames',
  ),
  ...words('networking.', 'localCommands dhcpcd tempAddresses stevenblack'),
];

/** Groups of which `local` knows only some options. They are here as trees, so that their members are judged one by one. */
export const groups: Options = { services: {}, programs: {}, containers: {} };

/** Decides on a definition of an option that `local` does not have. */
export function judge({ place, definition, known, complete }: Stray, ignored: (place: string) => void): void {
  const name = showPlace(place);
  if (WITHOUT_EFFECT.some(group => name === group || name.startsWith(`${group}.`))) {
    for (const leaf of leavesOf(place, definition)) ignored(leaf);
    return;
  }
  if (needsNixos(place)) {
    if (!runs(place, definition)) ignored(name);
    else throw notHere(place, definition);
    return;
  }
  if (!complete) return;
  const near = nearest(place.at(-1)!, known).map(other => showPlace([...place.slice(0, -1), other]));
  throw new NixError(
    'evaluation',
    {
      asked: `there is no option ${name}`,
      nearest: near,
      todo: 'declare an option of your own with lib.mkOption, or see search.nixos.org/options for its name',
    },
    definition.position,
  );
}

/** `services.x` is a module of NixOS, `systemd.timers` is not here; `systemd.services.web.scritp` is a misspelt option. */
function needsNixos([group, name, , option]: Place): boolean {
  if (group === 'systemd') return name !== 'services' || option === 'startAt';
  return ['services', 'programs', 'containers'].includes(group!);
}

/** A service of NixOS that nobody enables does nothing there either; timers, sockets and containers need no enabling. */
function runs([group]: Place, definition: Definition): boolean {
  return discharge(definition).some(({ value: lazy }) => {
    const value = force(lazy);
    if (!(value instanceof AttrSet)) return true;
    const enable = value.get('enable');
    if (enable !== undefined) return force(enable) === true;
    return (group === 'systemd' || group === 'containers') && value.names().length > 0;
  });
}

function notHere(place: Place, definition: Definition): NixError {
  const [group] = place;
  const others = Object.keys(flavourCatalogue).filter(flavour => flavour !== 'local');
  const own = group === 'services' ? ', or run the program yourself with systemd.services.<name>' : '';
  return new NixError(
    'evaluation',
    {
      asked: `${showPlace(place)} needs NixOS itself, which the flavour local does not have`,
      todo: `build for a flavour that has it (${others.join(', ')})${own}`,
    },
    definition.position,
  );
}

/** The options that are set, for the warning: at most two names deep below their group. */
function leavesOf(place: Place, definition: Definition): string[] {
  if (place.length >= 3) return [showPlace(place)];
  return discharge(definition).flatMap(({ value: lazy }) => {
    const value = force(lazy);
    if (!(value instanceof AttrSet) || value.has('outPath') || value.has('_type')) return [showPlace(place)];
    return value
      .names()
      .flatMap(name =>
        leavesOf([...place, name], { ...definition, conditions: [], value: value.get(name)! }),
      );
  });
}
