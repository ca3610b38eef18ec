import { quote } from '../process/quote.js';

/** Reads `systemctl show`: a property a line; values may hold `=`. */
export function parseUnitInfo(text: string): Record<string, string> {
  const info: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const cut = line.indexOf('=');
    if (cut > 0) info[line.slice(0, cut)] = line.slice(cut + 1);
  }
  return info;
}

/** `query` goes to the shell as it stands, as in the NixOS driver. A user's systemd is found by its runtime folder. */
export function systemctlCommand(query: string, user?: string): string {
  if (!user) return `systemctl ${query}`;
  return `XDG_RUNTIME_DIR=/run/user/$(id -u ${quote(user)}) systemctl --user ${query}`;
}

/** Names in `systemctl list-unit-files --no-legend`. */
export function parseUnitNames(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim().split(/\s+/)[0]!)
    .filter(name => name !== '');
}

/** systemd's words for an empty job queue. */
export function isInactiveForGood(listJobs: string): boolean {
  return listJobs.includes('No jobs');
}
