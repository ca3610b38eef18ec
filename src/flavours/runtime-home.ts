/**
 * Where this user's deployments keep what they need while they run. In /tmp, and in XDG_RUNTIME_DIR only where somebody else has
 * taken our name in /tmp: that one goes away when the user logs out, and is small. NXC_RUNTIME_ROOT stands for both; who works
 * with another root sees and cleans other deployments, so that two never touch each other's.
 */
import { chmodSync, lstatSync, mkdtempSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { NxcError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { currentUser } from '../process/user.js';

const root = (): string => process.env.NXC_RUNTIME_ROOT || '/tmp';
const named = (): string => `nxc-${currentUser().uid}`;

/** The folder that every process of this user tries first: absolute path. Also the name of the user's deployments in an engine. */
export const firstHome = (): string => join(root(), named());

/** Those that are there, each with deployments or not: what begins in one of them is found there, whichever is used by then. */
export const runtimeHomes = (): string[] =>
  [firstHome(), ...sessionHomes(), ...freshHomes()].filter(home => isOurs(home));

/** The one for what begins now; made where it is missing. `passable`: other users of this machine shall be able to reach what is in it. */
export function makeRuntimeHome({ passable = false } = {}): string {
  for (const home of [firstHome(), ...(passable ? [] : sessionHomes()), ...freshHomes()])
    if (made(home)) return home;
  const fresh = join(root(), `${named()}-`);
  try {
    return mkdtempSync(fresh);
  } catch (cause) {
    throw new NxcError({
      asked: 'there is no place for the runtime files of a deployment',
      found: `${firstHome()} is not a folder of yours that nobody else may write to, and none can be made beside it: ${(cause as Error).message}`,
      todo: 'make room, or name a folder of yours in NXC_RUNTIME_ROOT',
      cause,
    });
  }
}

/** Mounts do not take every character, and some names must stay short. */
const isPlain = (path: string): boolean => /^\/[\w.+/-]{1,60}$/.test(path);

/** In the folder of the login session, also for a process that does not know of it. None in another root, nor for root, who has no session of its own. */
function sessionHomes(): string[] {
  const { uid } = currentUser();
  if (process.env.NXC_RUNTIME_ROOT) return [];
  const folders = new Set([process.env.XDG_RUNTIME_DIR, `/run/user/${uid}`]);
  return [...folders]
    .filter(folder => folder !== undefined && isPlain(folder) && isOurs(folder))
    .map(folder => join(folder!, 'nxc'));
}

/** Made where there was no other place, under a name that nobody could know before. */
function freshHomes(): string[] {
  const ours = new RegExp(`^${named()}-\\w{6}$`);
  try {
    return readdirSync(root())
      .filter(name => ours.test(name))
      .sort()
      .map(name => join(root(), name));
  } catch {
    return [];
  }
}

function made(home: string): boolean {
  try {
    makeFolder(home, 0o700);
    if (!isOurs(home)) return false;
    const { mode } = lstatSync(home);
    // Listing it is nobody else's business.
    if (mode & 0o066) chmodSync(home, mode & 0o711);
    return true;
  } catch {
    return false;
  }
}

/** What its files say is believed. Its parent is everybody's: somebody else may have made it, or a link of that name. */
function isOurs(folder: string): boolean {
  let found: Stats;
  try {
    found = lstatSync(folder);
  } catch {
    return false;
  }
  return found.isDirectory() && found.uid === currentUser().uid && (found.mode & 0o022) === 0;
}
