import type { AttrSet } from '../../nix/index.js';
import { attrsOf, listOf, nullOr } from '../modules/composite-types.js';
import { Option, type Options } from '../modules/option.js';
import { lines, str } from '../modules/scalar-types.js';
import type { RoleSpec } from '../role-spec.js';
import type { Reader } from './reader.js';

/** networking.*: names. Addresses, firewall and the like belong to the flavour. */
export const networking: Options = {
  networking: {
    hostName: new Option(nullOr(str), { default: null }),
    extraHosts: new Option(lines, { default: '' }),
    hosts: new Option(attrsOf(listOf(str))),
    primaryIPAddress: new Option(str),
  },
};

export function readNetworking(config: AttrSet, reader: Reader): Pick<RoleSpec, 'extraHosts'> {
  const hosts = [...reader.set(config, 'networking', 'hosts')].map(
    ([address]) => `${address} ${reader.texts(config, 'networking', 'hosts', address).join(' ')}\n`,
  );
  const extra = reader.textAt(config, 'networking', 'extraHosts');
  // Nodes are called as the deployment calls them: it is read for its faults alone.
  reader.optionalText(config, 'networking', 'hostName');
  return {
    extraHosts: hosts.join('') + (extra === '' || extra.endsWith('\n') ? extra : `${extra}\n`),
  };
}
