import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ErrorParts } from '../../errors.js';
import { shownName } from '../../name.js';
import { AttrSet, type Position } from '../../nix/index.js';
import { checkedName } from '../checked-name.js';
import { CompositionError } from '../errors.js';
import { anything, attrsOf, listOf, nullOr, oneOf } from '../modules/composite-types.js';
import { Alias, Option, type Options } from '../modules/option.js';
import { bool, int, packageType, path, str } from '../modules/scalar-types.js';
import { submodule } from '../modules/submodule-type.js';
import type { RoleSpec, UnitSpec, UserSpec } from '../role-spec.js';
import { sha512Crypt } from '../sha512-crypt.js';
import { atPosition } from './at-position.js';
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
  openssh: {
    authorizedKeys: { keys: new Option(listOf(str)), keyFiles: new Option(listOf(path)) },
    authorizedPrincipals: new Option(listOf(str)),
  },
  shell: new Option(nullOr(oneOf([packageType, str])), { default: null }),
  homeMode: new Option(str, { default: '700' }),
  // Known, without effect on a node.
  packages: new Option(listOf(packageType)),
  password: text(),
  initialPassword: text(),
  hashedPassword: text(),
  initialHashedPassword: text(),
  hashedPasswordFile: text(),
  useDefaultShell: flag,
  enable: new Option(bool, { default: true }),
  cryptHomeLuks: text(),
  pamMount: new Option(attrsOf(anything)),
  ignoreShellProgramCheck: flag,
  autoSubUidGidRange: flag,
  passwordFile: text(),
  expires: text(),
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
    extraUsers: new Alias('users'),
    extraGroups: new Alias('groups'),
  },
};

export const nxcUsers: Options = {
  names: new Option(listOf(str)),
  prefixHome: new Option(str, { default: '/home' }),
};

export function readUsers(config: AttrSet, reader: Reader): Pick<RoleSpec, 'users' | 'groups'> {
  const prefix = reader.textAt(config, 'nxc', 'users', 'prefixHome');
  const nxc = reader.set(config, 'nxc', 'users');
  const short = reader
    .texts(config, 'nxc', 'users', 'names')
    .flatMap(name =>
      reader.attempt(
        () => [
          normalUser(
            checkedName('user', name, nxc.position('names')),
            passwdPath(`${prefix}/${name}`, nxc.position('prefixHome')),
          ),
        ],
        [],
      ),
    );
  const all = { users: reader.set(config, 'users', 'users'), groups: reader.set(config, 'users', 'groups') };
  const full = reader
    .entries(config, 'users', 'users')
    .filter(([, set]) => reader.flag(set, 'enable'))
    .flatMap(([name, set]) =>
      reader.attempt(() => [readUser(name, set, all.users.position(name), reader)], []),
    );
  const named = new Set(full.map(({ name }) => name));
  return {
    users: [...full, ...short.filter(({ name }) => !named.has(name))],
    groups: reader.entries(config, 'users', 'groups').flatMap(([key, set]) =>
      reader.attempt(
        () => [
          {
            name: checkedName(
              'group',
              reader.optionalText(set, 'name') ?? key,
              set.position('name') ?? all.groups.position(key),
            ),
            gid: reader.optionalNumber(set, 'gid'),
            members: reader
              .texts(set, 'members')
              .map(member => checkedName('user', member, set.position('members'))),
          },
        ],
        [],
      ),
    ),
  };
}

function readUser(key: string, set: AttrSet, place: Position | undefined, reader: Reader): UserSpec {
  const name = checkedName('user', reader.optionalText(set, 'name') ?? key, set.position('name') ?? place);
  const groupNamed = (text: string, option: string) => checkedName('group', text, set.position(option));
  const group = reader.optionalText(set, 'group');
  const isNormalUser = reader.flag(set, 'isNormalUser');
  const createHome = reader.value(set, 'createHome');
  const fallbackHome = name === 'root' ? '/root' : isNormalUser ? `/home/${name}` : '/var/empty';
  return {
    name,
    uid: name === 'root' ? 0 : reader.optionalNumber(set, 'uid'),
    group: group ? groupNamed(group, 'group') : isNormalUser ? 'users' : undefined,
    extraGroups: reader.texts(set, 'extraGroups').map(text => groupNamed(text, 'extraGroups')),
    home: passwdPath(reader.optionalText(set, 'home') ?? fallbackHome, set.position('home')),
    createHome: createHome === null ? isNormalUser : createHome === true,
    homeMode: homeModeOf(set, reader),
    isNormalUser,
    ...shellOf(set, isNormalUser || name === 'root', reader),
    ...passwordOf(name, set, reader),
    description: reader.textAt(set, 'description'),
    authorizedKeys: reader.texts(set, 'openssh', 'authorizedKeys', 'keys'),
  };
}

function homeModeOf(set: AttrSet, reader: Reader): string {
  const mode = reader.textAt(set, 'homeMode');
  return atPosition(set.position('homeMode'), () => {
    if (/^[0-7]{1,5}$/.test(mode)) return mode;
    throw new CompositionError({
      asked: `${shownName(mode)} is no mode of a folder`,
      todo: 'write it in octal, such as "700"',
    });
  });
}

/** A path in a line of /etc/passwd, whose fields end with a colon. */
const passwdPath = (path: string, position: Position | undefined): string =>
  atPosition(position, () => {
    const fits = path.length < 1024 && path.split('/').every(part => Buffer.byteLength(part) < 256);
    if (path.startsWith('/') && fits && !/[:\p{Cc}]/u.test(path)) return path;
    throw new CompositionError({
      asked: `${shownName(path)} cannot be the home or shell of a user`,
      found: path.startsWith('/')
        ? fits
          ? 'a line of /etc/passwd cannot hold it'
          : 'it is too long for a path'
        : 'it is not an absolute path',
    });
  });

/** A shell that the user was given; without one, ordinary users have the node's and those of services may not log in. */
function shellOf(set: AttrSet, mayLogIn: boolean, reader: Reader): Pick<UserSpec, 'shell'> {
  const given = reader.value(set, 'shell');
  if (given === null) return mayLogIn || reader.flag(set, 'useDefaultShell') ? { shell: BASH } : {};
  const path = reader.textAt(set, 'shell');
  if (!(given instanceof AttrSet)) return { shell: passwdPath(path, set.position('shell')) };
  const program = basename(path).replace(/Interactive$/, '');
  return { shell: program === 'bash' ? BASH : `${path}/bin/${program}` };
}

const BASH = '/bin/bash';

/** In the order in which NixOS looks at them for a user that is new. */
function passwordOf(name: string, set: AttrSet, reader: Reader): Pick<UserSpec, 'hashedPassword'> {
  const refuse = (option: string, parts: ErrorParts): Pick<UserSpec, 'hashedPassword'> =>
    reader.attempt(
      () =>
        atPosition(set.position(option), () => {
          throw new CompositionError(parts);
        }),
      {},
    );
  for (const option of ['hashedPasswordFile', 'passwordFile']) {
    if (reader.value(set, option) !== null) {
      return refuse(option, {
        asked: `the flavour local does not have users.users.${name}.${option}`,
        todo: 'use hashedPassword (`mkpasswd` makes one) or initialPassword',
      });
    }
  }
  const text = (option: string) => reader.optionalText(set, option);
  // The same composition gives the same build, so the salt is no chance.
  const hash = (password: string | undefined) =>
    password === undefined ? undefined : sha512Crypt(password, saltOf(name, password));
  const hashedPassword =
    hash(text('password')) ??
    text('hashedPassword') ??
    hash(text('initialPassword')) ??
    text('initialHashedPassword');
  if (hashedPassword !== undefined && /[:\n]/.test(hashedPassword)) {
    const option = text('hashedPassword') === hashedPassword ? 'hashedPassword' : 'initialHashedPassword';
    return refuse(option, {
      asked: `the password hash of users.users.${name} cannot be written to /etc/shadow`,
      found: 'it has a colon or a line break',
      todo: '`mkpasswd` makes one',
    });
  }
  return hashedPassword === undefined ? {} : { hashedPassword };
}

const saltOf = (name: string, password: string): string =>
  createHash('sha256').update(`${name}\0${password}`).digest('hex').slice(0, 16);

function normalUser(name: string, home: string): UserSpec {
  return {
    name,
    group: 'users',
    extraGroups: [],
    home,
    createHome: true,
    homeMode: '700',
    isNormalUser: true,
    shell: BASH,
    description: '',
    authorizedKeys: [],
  };
}

/** Users of units with DynamicUser. systemd has them while the unit runs, here they are there all the time. */
export function dynamicUsers(units: readonly UnitSpec[], users: readonly UserSpec[]): UserSpec[] {
  const names = new Set(units.flatMap(({ dynamicUser, user }) => (dynamicUser && user ? [user] : [])));
  return [...names]
    .filter(name => !users.some(user => user.name === name))
    .map(name => ({
      name,
      group: name,
      extraGroups: [],
      home: '/',
      createHome: false,
      isNormalUser: false,
      description: 'Dynamic User',
      authorizedKeys: [],
    }));
}
