import { readFileSync } from 'node:fs';
import type { RoleSpec, UserSpec } from '../../composition/role-spec.js';

export interface Account {
  user: UserSpec;
  uid: number;
  gid: number;
}

export interface Accounts {
  /** Users of the role, but for root. */
  declared: Account[];
  /** Those of them that this machine does not have. */
  added: Account[];
  passwd: string;
  group: string;
  /** Nobody of this machine has a password on a node: there a login needs one that the role gives. */
  shadow: string;
}

interface Group {
  name: string;
  gid: number;
  members: string[];
}

/**
 * This machine's users and groups with those of a role: /etc/passwd, /etc/group and /etc/shadow of its nodes. Where both have a
 * name or a number, it is the role's.
 */
export function accountsOf(
  { users, groups }: Pick<RoleSpec, 'users' | 'groups'>,
  passwd = readFileSync('/etc/passwd', 'utf8'),
  group = readFileSync('/etc/group', 'utf8'),
): Accounts {
  const known = parseGroups(group);
  const gids = new Set(known.map(({ gid }) => gid));
  const machine = rows(passwd);
  const uids = new Set(machine.map(fields => Number(fields[2])));

  const groupNamed = (name: string, gid?: number): Group => {
    const there = known.find(entry => entry.name === name);
    if (there) return there;
    const made = { name, gid: gid ?? free(gids, firstSystemId), members: [] };
    gids.add(made.gid);
    known.push(made);
    return made;
  };
  /** The role's number for a group is the group's, whoever had it. */
  const renumber = (name: string, gid: number): void => {
    const there = groupNamed(name, gid);
    there.gid = gid;
    gids.add(gid);
    const other = known.findIndex(entry => entry !== there && entry.gid === gid && gid !== 0);
    if (other !== -1 && !groups.some(({ name: own }) => own === known[other]!.name)) known.splice(other, 1);
  };

  for (const { name, gid } of groups) if (gid !== undefined) renumber(name, gid);
  for (const { name, members } of groups) join(groupNamed(name), members);
  // Numbers that are given come first, so that none of the others gets one of them.
  for (const { uid } of users) if (uid !== undefined) uids.add(uid);
  const declared: Account[] = [];
  const added: Account[] = [];
  const lines: string[] = [];
  for (const user of users) {
    for (const name of user.extraGroups) join(groupNamed(name), [user.name]);
    const there = machine.find(([name]) => name === user.name);
    if (user.name === 'root') continue;
    const uid =
      user.uid ?? (there ? Number(there[2]) : free(uids, user.isNormalUser ? firstNormalId : firstSystemId));
    uids.add(uid);
    const named = user.group || (user.isNormalUser ? 'users' : undefined);
    const gid = named || !there ? groupNamed(named ?? user.name).gid : Number(there[3]);
    const account = { user, uid, gid };
    declared.push(account);
    if (!there) added.push(account);
    lines.push(passwdLine(account, there));
  }
  const replaced = (fields: readonly string[]): boolean =>
    declared.some(({ user, uid }) => user.name === fields[0] || (uid !== 0 && uid === Number(fields[2])));
  const root = users.find(({ name }) => name === 'root');
  const kept = machine
    .filter(fields => !replaced(fields))
    .map(fields => (root?.shell && fields[0] === 'root' ? [...fields.slice(0, 6), root.shell] : fields));
  const passwords = new Map(users.map(({ name, hashedPassword }) => [name, hashedPassword]));
  const names = [...kept.map(([name = '']) => name), ...declared.map(({ user }) => user.name)];
  return {
    declared,
    added,
    passwd: kept.map(fields => `${fields.join(':')}\n`).join('') + lines.join(''),
    group: known.map(groupLine).join(''),
    shadow: names.map(name => `${name}:${passwords.get(name) ?? LOCKED}:1::::::\n`).join(''),
  };
}

/** No password is right. root becomes such a user all the same, with su(1) and runuser(1). */
const LOCKED = '!';

// The ranges NixOS gives numbers from (nixos/modules/config/update-users-groups.pl).
const firstSystemId = 400;
const firstNormalId = 1000;

/** What NixOS gives users of services. Where this machine has such a user, programs may need what it gave them. */
const NO_HOME = '/var/empty';
const NO_LOGIN = '/usr/sbin/nologin';

function free(used: ReadonlySet<number>, first: number): number {
  let id = first;
  while (used.has(id)) id++;
  return id;
}

function join(group: Group, members: readonly string[]): void {
  for (const member of members) if (!group.members.includes(member)) group.members.push(member);
}

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .filter(Boolean)
    .map(row => row.split(':'));

const parseGroups = (table: string): Group[] =>
  rows(table).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));

const groupLine = ({ name, gid, members }: Group): string => `${name}:x:${gid}:${members.join(',')}\n`;

function passwdLine({ user, uid, gid }: Account, there: readonly string[] = []): string {
  const home = user.home === NO_HOME ? (there[5] ?? NO_HOME) : user.home;
  const shell = user.shell ?? there[6] ?? NO_LOGIN;
  return `${user.name}:x:${uid}:${gid}:${user.description.replace(/[:\n]/g, ' ')}:${home}:${shell}\n`;
}
