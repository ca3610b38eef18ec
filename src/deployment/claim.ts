/**
 * Replacing and removing records. A record's place may be taken over only by whoever has claimed its present occupant:
 * made the link `<record>.claim-<run>`, which exactly one can make; it leads nowhere, its target says who made it (a link
 * needs no room on a full disk, and is never there half written). A claimant that died is itself claimed by the next
 * one, so a claim never has to be taken away from under somebody who may still be at work.
 */
import { readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentRecord, Starter } from '../flavours/record.js';
import { randomHex } from '../random-hex.js';
import { readPlace } from './record-store.js';
import { mayBeAlive, thisProcess } from './starter.js';

interface Claimant {
  id: string;
  starter: Starter;
}

interface Claim {
  path: string;
  /** Who was found to hold it. */
  id: string;
}

/**
 * Does the work while nobody else may replace or remove the occupant (a run, or `upstream`) of a record's place.
 * False, and no work done, when someone else is at it or the occupant is no longer there.
 */
export async function whileClaimed(
  file: string,
  occupant: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const me = { id: randomHex(4), starter: thisProcess() };
  const claims = await claim(file, occupant, me);
  if (!claims) return false;
  const mine = claims.at(-1)!;
  let done = false;
  try {
    // Between looking and claiming another one may have come, done its work, and gone.
    if ((await readPlace(file))?.run !== occupant || !(await stand(claims))) return false;
    done = true;
    await work();
    return true;
  } finally {
    // The own one last: whoever gets it then finds the others gone, and begins anew.
    for (const { path } of done ? claims : [mine]) await rm(path, { force: true });
  }
}

/** Removes the record, unless another run has taken its place. */
export async function removeRecord({ 'x-nxc': { file, run } }: DeploymentRecord): Promise<void> {
  await whileClaimed(file, run, () => rm(file, { force: true }));
}

/** Removes the claims of dead processes; returns the files. */
export async function removeStaleClaims(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const removed: string[] = [];
  for (const path of names.filter(name => name.includes('.json.claim-')).map(name => join(folder, name))) {
    const holder = await holderOf(path);
    if (!holder || mayBeAlive(holder.starter)) continue;
    await rm(path, { force: true });
    removed.push(path);
  }
  return removed;
}

/** The claims from the occupant's up to one's own, over those of claimants that died. */
async function claim(file: string, occupant: string, me: Claimant): Promise<Claim[] | undefined> {
  const path = `${file}.claim-${occupant}`;
  try {
    await symlink(targetOf(me), path);
    return [{ path, id: me.id }];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // With the folder the occupant is gone.
    if (code === 'ENOENT') return undefined;
    if (code !== 'EEXIST') throw error;
  }
  const holder = await holderOf(path);
  if (!holder || mayBeAlive(holder.starter)) return undefined;
  const above = await claim(file, holder.id, me);
  return above && [{ path, id: holder.id }, ...above];
}

async function stand(claims: readonly Claim[]): Promise<boolean> {
  const holders = await Promise.all(claims.map(({ path }) => holderOf(path)));
  return claims.every(({ id }, index) => holders[index]?.id === id);
}

const targetOf = ({ id, starter: { pid, start, host } }: Claimant): string => `${id}:${pid}:${start}:${host}`;

async function holderOf(path: string): Promise<Claimant | undefined> {
  const target = await readlink(path).catch(() => '');
  const [, id, pid, start, host] = /^([0-9a-f]{8}):(\d+):(\d+):(.*)$/.exec(target) ?? [];
  return id && host ? { id, starter: { pid: Number(pid), start: Number(start), host } } : undefined;
}
