import type { Entry } from './entry.js';
import { fieldsOf, monotonicOf, type Place } from './fields.js';

export interface FormatOptions {
  utc: boolean;
  hostname: boolean;
  /** For verbose, export, json and cat: fields to show. */
  fields?: readonly string[];
  /** Unprintable characters as they are. */
  all: boolean;
}

type Format = (entry: Entry, place: Place, cursor: string, options: FormatOptions) => string;

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function parts(realtime: number, utc: boolean) {
  const date = new Date(Math.floor(realtime / 1000));
  const offset = utc ? 0 : -date.getTimezoneOffset();
  const at = new Date(date.getTime() + offset * 60_000);
  const sign = offset < 0 ? '-' : '+';
  return {
    weekday: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at.getUTCDay()]!,
    month: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
      at.getUTCMonth()
    ]!,
    day: pad(at.getUTCDate()),
    date: at.toISOString().slice(0, 10),
    time: at.toISOString().slice(11, 19),
    micros: pad(realtime % 1_000_000, 6),
    offset: `${sign}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`,
    zone: utc ? 'UTC' : zoneName(date),
  };
}

const zoneName = (date: Date): string =>
  new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')!.value;

const times: Record<string, (entry: Entry, place: Place, utc: boolean) => string> = {
  short: ({ realtime }, _, utc) => {
    const { month, day, time } = parts(realtime, utc);
    return `${month} ${day} ${time}`;
  },
  'short-precise': ({ realtime }, _, utc) => {
    const { month, day, time, micros } = parts(realtime, utc);
    return `${month} ${day} ${time}.${micros}`;
  },
  'short-iso': ({ realtime }, _, utc) => {
    const { date, time, offset } = parts(realtime, utc);
    return `${date}T${time}${offset}`;
  },
  'short-iso-precise': ({ realtime }, _, utc) => {
    const { date, time, micros, offset } = parts(realtime, utc);
    return `${date}T${time}.${micros}${offset}`;
  },
  'short-full': ({ realtime }, _, utc) => {
    const { weekday, date, time, zone } = parts(realtime, utc);
    return `${weekday} ${date} ${time} ${zone}`;
  },
  'short-monotonic': (entry, place) => {
    const micros = monotonicOf(entry, place) ?? 0;
    return `[${`${Math.floor(micros / 1e6)}.${pad(micros % 1e6, 6)}`.padStart(12)}]`;
  },
  'short-unix': ({ realtime }) => `${Math.floor(realtime / 1e6)}.${pad(realtime % 1e6, 6)}`,
};

const short =
  (time: string, withUnit = false): Format =>
  (entry, place, _, { utc, hostname, all }) => {
    const who = withUnit && entry.unit !== undefined && !entry.about ? entry.unit : entry.identifier;
    const host = hostname ? `${place.hostname} ` : '';
    return `${times[time]!(entry, place, utc)} ${host}${who}[${entry.pid}]: ${shown(entry.message, all)}`;
  };

/** Journald calls binary what has control characters other than tab and line end. */
const isText = (message: string): boolean =>
  !/[\0-\x08\x0b-\x1f\x7f\ufffd]/.test(message.replaceAll('\x1b', ''));

const shown = (message: string, all: boolean): string =>
  all || isText(message) ? message : `[${Buffer.byteLength(message)}B blob data]`;

function addresses(entry: Entry, place: Place, cursor: string): Record<string, string> {
  return {
    __CURSOR: cursor,
    __REALTIME_TIMESTAMP: String(entry.realtime),
    __MONOTONIC_TIMESTAMP: String(monotonicOf(entry, place) ?? 0),
  };
}

function chosen(entry: Entry, place: Place, { fields }: FormatOptions): Array<[string, string]> {
  const all = Object.entries(fieldsOf(entry, place)).sort(([a], [b]) => (a < b ? -1 : 1));
  // The boot is always there in these formats.
  return fields ? all.filter(([name]) => fields.includes(name) || name === '_BOOT_ID') : all;
}

const json = (
  entry: Entry,
  place: Place,
  cursor: string,
  options: FormatOptions,
  indent?: string,
): string => {
  const value = ([name, text]: [string, string]) =>
    [name, options.all || isText(text) ? text : [...Buffer.from(text)]] as const;
  const all = {
    ...addresses(entry, place, cursor),
    ...Object.fromEntries(chosen(entry, place, options).map(value)),
  };
  return JSON.stringify(all, undefined, indent);
};

/** The output modes of journalctl(1), each an entry without its line end. */
export const formats: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(Object.keys(times).map(name => [name, short(name)])),
  'with-unit': short('short-full', true),
  cat: (entry, place, _, { fields, all }) => {
    if (!fields) return shown(entry.message, all);
    const known = fieldsOf(entry, place);
    return fields.flatMap(name => known[name] ?? []).join('\n');
  },
  json: (entry, place, cursor, options) => json(entry, place, cursor, options),
  'json-pretty': (entry, place, cursor, options) => json(entry, place, cursor, options, '\t'),
  'json-sse': (entry, place, cursor, options) => `data: ${json(entry, place, cursor, options)}\n`,
  'json-seq': (entry, place, cursor, options) => `\x1e${json(entry, place, cursor, options)}`,
  export: (entry, place, cursor, options) =>
    [...Object.entries(addresses(entry, place, cursor)), ...chosen(entry, place, options)]
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  verbose: (entry, place, cursor, options) => {
    const { weekday, date, time, micros, zone } = parts(entry.realtime, options.utc);
    const lines = chosen(entry, place, options).map(
      ([name, value]) => `    ${name}=${shown(value, options.all)}`,
    );
    return [`${weekday} ${date} ${time}.${micros} ${zone} [${cursor}]`, ...lines].join('\n');
  },
};
