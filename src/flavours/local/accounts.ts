import { readFileSync } from 'node:fs';
import type { RoleSpec, UserSpec } from '../../composition/role-spec.js';

export interface Account {
  user: UserSpec;
  uid: number;
  gid: number;
}

export interface Accounts {
  /** Users of the role that this machine has not. */
  added: Account[];
  passwd: string;
  group: string;
}

interface Group {
  name: string;
  gid: number;
  members: string[];
}

/** This machine's users and groups with those of a role added: /etc/passwd and /etc/group of its nodes. */
export function accountsOf(
  { users, groups }: Pick<RoleSpec, 'users' | 'groups'>,
  passwd = readFileSync('/etc/passwd', 'utf8'),
  group = readFileSync('/etc/group', 'utf8'),
): Accounts {
  const known = parseGroups(group);
  const gids = new Set(known.map(({ gid }) => gid));
  const uids = new Set(rows(passwd).map(fields => Number(fields[2])));
  const names = new Set(rows(passwd).map(fields => fields[0]));

  const groupNamed = (name: string, gid?: number): Group => {
    const there = known.find(entry => entry.name === name);
    if (there) return there;
    const made = { name, gid: gid ?? free(gids, firstSystemId), members: [] };
    gids.add(made.gid);
    known.push(made);
    return made;
  };

  for (const { name, gid, members } of groups) join(groupNamed(name, gid), members);
  const added: Account[] = [];
  for (const user of users) {
    for (const name of user.extraGroups) join(groupNamed(name), [user.name]);
    if (names.has(user.name)) continue;
    const uid = user.uid ?? free(uids, user.isNormalUser ? firstNormalId : firstSystemId);
    uids.add(uid);
    const { gid } = groupNamed(user.group || (user.isNormalUser ? 'users' : user.name));
    added.push({ user, uid, gid });
  }
  return {
    added,
    passwd: endLine(passwd) + added.map(passwdLine).join(''),
    group: known.map(groupLine).join(''),
  };
}

// The ranges NixOS gives numbers from (nixos/modules/config/update-users-groups.pl).
const firstSystemId = 400;
const firstNormalId = 1000;

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

const passwdLine = ({ user, uid, gid }: Account): string =>
  `${user.name}:x:${uid}:${gid}:${user.description.replace(/[:\n]/g, ' ')}:${user.home}:/bin/bash\n`;

const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
