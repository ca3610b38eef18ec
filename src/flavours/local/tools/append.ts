import { appendFileSync, constants, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, entryLine } from './entry.js';
import type { Node } from './node.js';

/** Bytes of a user's file of the journal; there is an older one beside it. */
const limit = 4 * 1024 * 1024;

/** Writes to this user's file of the journal. What the unit says whose program this is counts as the unit's. */
export function append(
  { run }: Node,
  entry: Pick<Entry, 'transport' | 'pri' | 'identifier' | 'message'> & { pid?: number },
): void {
  // Of a stream journald drops empty lines.
  if (entry.message === '' && entry.transport === 'stdout') return;
  const uid = process.geteuid!();
  const path = join(run, 'journal', String(uid));
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limit) renameSync(path, `${path}.1`);
  const line = entryLine({
    realtime: now(),
    pid: process.pid,
    uid,
    unit: process.env.NXC_UNIT,
    ...entry,
  });
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  // One write, so that lines of several programs do not mix.
  appendFileSync(path, line, {
    flag: (O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW) as unknown as string,
    mode: 0o644,
  });
}

/** Microseconds since 1970: the clock that measures spans is finer than Date's. */
const now = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000);

/** The priority that a line begins with (sd-daemon(3)) in place of the given one, and the rest of the line. */
export function withPrefix(line: string, pri: number): { pri: number; message: string } {
  const found = /^<(\d{1,3})>/.exec(line);
  if (!found || Number(found[1]) > 191) return { pri, message: line };
  const given = Number(found[1]);
  return { pri: given > 7 ? given : (pri & ~7) | given, message: line.slice(found[0].length) };
}
