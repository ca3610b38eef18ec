import { UsageError } from './getopt.js';

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
export const facilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['12', '13', '14', '15'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
];

/** A level of syslog(3) by its name, an older name of it, or its number; undefined for what is none. */
export function levelOf(word: string): number | undefined {
  if (/^[0-7]$/.test(word)) return Number(word);
  const found = levels.indexOf({ error: 'err', warn: 'warning', panic: 'emerg' }[word] ?? word);
  return found === -1 ? undefined : found;
}

export function facilityOf(word: string): number | undefined {
  const found = /^\d+$/.test(word) ? Number(word) : facilities.indexOf({ security: 'auth' }[word] ?? word);
  return found < 0 || found > 23 ? undefined : found;
}

/** `facility.level`, or a level alone, as one number of syslog(3). */
export function parsePri(text: string, facility: number): number {
  const [first = '', second] = text.split('.');
  const level = levelOf(second ?? first);
  const from = second === undefined ? facility : facilityOf(first);
  if (from === undefined) throw new UsageError(`unknown facility name: ${first}`);
  if (level === undefined) throw new UsageError(`unknown priority name: ${second ?? first}`);
  return from * 8 + level;
}
