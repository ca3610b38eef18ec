import { readFileSync } from 'node:fs';

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
