import { identify, readStat } from '../../process/proc.js';
import { randomHex } from '../../random-hex.js';

/** The name of a client's folder on a node. It says which process of this machine the client is. */
export function newClientId(): string {
  return `${process.pid}-${identify(process.pid)?.start ?? ''}-${randomHex(4)}`;
}

/** Whether the client of that name was killed: one that ends in order takes its folder along. */
export function isDeadClient(id: string): boolean {
  const [, pid, start] = /^(\d+)-(\d+)-/.exec(id) ?? [];
  if (pid === undefined) return false;
  const stat = readStat(Number(pid));
  if (stat) return stat.start !== Number(start) || stat.state === 'Z';
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: another user's, which /proc may hide.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
