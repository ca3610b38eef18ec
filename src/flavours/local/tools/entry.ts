/**
 * An entry of a node's journal, a line `TIME TRANSPORT PRI PID UID UNIT IDENTIFIER MESSAGE` of a file: units/UNIT/log, written by
 * node/supervise.sh, or journal/UID, written by the programs in this folder. None of the words before the message is empty.
 */
export interface Entry {
  /** Microseconds since 1970. */
  realtime: number;
  /** `stdout`, `syslog`, or `journal` for what the manager of the units says. */
  transport: string;
  /** As syslog(3) has it: 8 × facility + priority. */
  pri: number;
  pid: number;
  uid: number;
  /** The unit whose process wrote it; with `about`, the unit that the manager speaks of. */
  unit?: string;
  about?: boolean;
  identifier: string;
  message: string;
}

const line = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z (\w+) (\d+) (\d+) (\d+) (\S+) (\S+) (.*)$/s;

/** Undefined for what is no entry: the end of a file while it is being written, or what somebody else wrote there. */
export function parseEntry(text: string): Entry | undefined {
  const found = line.exec(text);
  if (!found) return undefined;
  const [, seconds, micros, transport = '', pri, pid, uid, place = '', identifier = '', message = ''] = found;
  const unit = place.replace(/^\+/, '');
  return {
    realtime: Date.parse(`${seconds}Z`) * 1000 + Number(micros),
    transport,
    pri: Number(pri),
    pid: Number(pid),
    uid: Number(uid),
    ...(unit === '-' ? {} : { unit }),
    ...(place.startsWith('+') && { about: true }),
    identifier: decoded(identifier),
    message,
  };
}

/** The line of an entry, with its end. */
export function entryLine(entry: Entry): string {
  const seconds = new Date(Math.floor(entry.realtime / 1000)).toISOString().slice(0, 19);
  const micros = String(entry.realtime % 1_000_000).padStart(6, '0');
  const { transport, pri, pid, uid, unit = '-', about, message } = entry;
  const words = [transport, pri, pid, uid, `${about ? '+' : ''}${unit}`, encodeWord(entry.identifier)];
  return `${seconds}.${micros}Z ${words.join(' ')} ${message.replaceAll('\n', ' ')}\n`;
}

/** One word for what may have spaces or be empty. */
export const encodeWord = (word: string): string =>
  word.replace(/[\s\\]/g, c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`) || '\\x';

const decoded = (word: string): string =>
  word === '\\x'
    ? ''
    : word.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
