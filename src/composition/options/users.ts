import type { AttrSet } from '../../nix/index.js';
import { attrsOf, listOf, nullOr, oneOf } from '../modules/composite-types.js';
import { Option, type Options } from '../modules/option.js';
import { bool, int, packageType, path, str } from '../modules/scalar-types.js';
import { submodule } from '../modules/submodule-type.js';
import type { RoleSpec, UserSpec } from '../role-spec.js';
import type { Reader } from './reader.js';

const text = (fallback: string | null = null) => new Option(nullOr(str), { default: fallback });
const flag = new Option(bool, { default: false });

const user: Options = {
  name: text(),
  uid: new Option(nullOr(int), { default: null }),
  group: text(),
  extraGroups: new Option(listOf(str)),
  home: new Option(nullOr(path), { default: null }),
  createHome: new Option(nullOr(bool), { default: null }),
  isNormalUser: flag,
  isSystemUser: flag,
  description: new Option(str, { default: '' }),
  openssh: { authorizedKeys: { keys: new Option(listOf(str)), keyFiles: new Option(listOf(path)) } },
  // Known, without effect on a node where everybody becomes a user without a password.
  shell: new Option(nullOr(oneOf([packageType, str])), { default: null }),
  packages: new Option(listOf(packageType)),
  password: text(),
  initialPassword: text(),
  hashedPassword: text(),
  initialHashedPassword: text(),
  hashedPasswordFile: text(),
  useDefaultShell: flag,
  linger: flag,
  subUidRanges: new Option(listOf(attrsOf(int))),
  subGidRanges: new Option(listOf(attrsOf(int))),
};

const group: Options = {
  name: text(),
  gid: new Option(nullOr(int), { default: null }),
  members: new Option(listOf(str)),
};

/** users.users, users.groups, and upstream's short form nxc.users. */
export const users: Options = {
  users: {
    users: new Option(attrsOf(submodule(user))),
    groups: new Option(attrsOf(submodule(group))),
  },
};

export const nxcUsers: Options = {
  names: new Option(listOf(str)),
  prefixHome: new Option(str, { default: '/home' }),
};

export function readUsers(config: AttrSet, reader: Reader): Pick<RoleSpec, 'users' | 'groups'> {
  const prefix = reader.textAt(config, 'nxc', 'users', 'prefixHome');
  const short = reader
    .texts(config, 'nxc', 'users', 'names')
    .map(name => normalUser(name, `${prefix}/${name}`));
  const full = reader.entries(config, 'users', 'users').map(([name, set]) => readUser(name, set, reader));
  const named = new Set(full.map(({ name }) => name));
  return {
    users: [...full, ...short.filter(({ name }) => !named.has(name))],
    groups: reader.entries(config, 'users', 'groups').map(([name, set]) => ({
      name: reader.optionalText(set, 'name') ?? name,
      gid: reader.optionalNumber(set, 'gid'),
      members: reader.texts(set, 'members'),
    })),
  };
}

function readUser(key: string, set: AttrSet, reader: Reader): UserSpec {
  const name = reader.optionalText(set, 'name') ?? key;
  const isNormalUser = reader.flag(set, 'isNormalUser');
  const createHome = reader.value(set, 'createHome');
  const fallbackHome = name === 'root' ? '/root' : isNormalUser ? `/home/${name}` : '/var/empty';
  return {
    name,
    uid: name === 'root' ? 0 : reader.optionalNumber(set, 'uid'),
    group: reader.optionalText(set, 'group') ?? (isNormalUser ? 'users' : undefined),
    extraGroups: reader.texts(set, 'extraGroups'),
    home: reader.optionalText(set, 'home') ?? fallbackHome,
    createHome: createHome === null ? isNormalUser : createHome === true,
    isNormalUser,
    description: reader.textAt(set, 'description'),
    authorizedKeys: reader.texts(set, 'openssh', 'authorizedKeys', 'keys'),
  };
}

function normalUser(name: string, home: string): UserSpec {
  return {
    name,
    group: 'users',
    extraGroups: [],
    home,
    createHome: true,
    isNormalUser: true,
    description: '',
    authorizedKeys: [],
  };
}
