import { readFileSync, readlinkSync } from 'node:fs';

/** Bytes that crossed the interfaces of a process's network namespace, loopback apart; undefined when the process is gone. */
export function trafficOf(pid: number): { receivedBytes: number; sentBytes: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/dev`, 'latin1');
  } catch {
    return undefined;
  }
  let [receivedBytes, sentBytes] = [0, 0];
  // Two lines of headings; then columns: name, 8 for received (bytes first), 8 for sent.
  for (const line of text.split('\n').slice(2)) {
    const fields = line.trim().split(/[\s:]+/);
    if (!fields[0] || fields[0] === 'lo') continue;
    receivedBytes += Number(fields[1]);
    sentBytes += Number(fields[9]);
  }
  return { receivedBytes, sentBytes };
}

/** Whether a process is in another network namespace than this one: the traffic of this machine is nobody's own. */
export function hasOwnNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
  } catch {
    // It may not be looked at, as somebody else's process: it is no process of this machine's own.
    return true;
  }
}
