/** The NixOS options that `local` knows, a file a topic: their types, and what each means for a node (RoleSpec). */
import type { AttrSet } from '../../nix/index.js';
import type { Options } from '../modules/option.js';
import type { RoleSpec } from '../role-spec.js';
import { boot, readBoot } from './boot.js';
import { environment, readEnvironment } from './environment.js';
import { networking, readNetworking } from './networking.js';
import { groups } from './policy.js';
import type { Reader } from './reader.js';
import { systemd } from './unit-options.js';
import { readUnits } from './units.js';
import { dynamicUsers, readUsers, users } from './users.js';

export const options: Options = { ...groups, ...environment, ...systemd, ...users, ...networking, ...boot };

/** A role's merged configuration as data. Options that have no effect are told to `ignored`. */
export function readRole(
  role: string,
  config: AttrSet,
  reader: Reader,
  ignored: (place: string) => void,
): RoleSpec {
  const units = readUnits(config, reader, ignored);
  const { users, groups } = readUsers(config, reader);
  return {
    role,
    ...readEnvironment(config, reader),
    users: [...users, ...dynamicUsers(units, users)],
    groups,
    ...readNetworking(config, reader),
    ...readBoot(config, reader),
    units,
  };
}
