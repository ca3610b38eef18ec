import { parseTimeSpan } from '../../../composition/systemd/time-span.js';
import { UsageError } from './getopt.js';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * A point in time as systemd.time(7) reads it, in microseconds since 1970: `2026-01-31 18:00:05.5`, with T, Z or UTC, parts of it,
 * `now`, `today`, `yesterday`, `tomorrow`, `-5min`, `+1h`, `2 hours ago`, `1 h left`, `@1700000000.5`. Local time where no zone stands.
 *
 * @param now milliseconds since 1970
 */
export function parseTimestamp(text: string, now: number): number {
  const trimmed = text.trim();
  const relative = relativeTime(trimmed, now);
  if (relative !== undefined) return relative;
  const utc = /(?:\s+UTC|(?<=\d)Z)$/.test(trimmed);
  const plain = trimmed.replace(/(?:\s+UTC|(?<=\d)Z)$/, '');
  const [, day] = /^([A-Za-z]{3,9})\s+(?=\d)/.exec(plain) ?? [];
  const rest = day === undefined ? plain : plain.slice(day.length).trim();
  const found =
    /^(?:(\d{2}|\d{4})-(\d{1,2})-(\d{1,2}))?(?:(?:^|[\sT]+)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?$/.exec(
      rest,
    );
  if (!found || rest === '') throw wrong(text);
  const [, year, month, date, hour = '0', minute = '0', second = '0', fraction = ''] = found;
  const today = new Date(now);
  const parts = [
    year === undefined ? today.getFullYear() : year.length === 2 ? centuryOf(Number(year)) : Number(year),
    month === undefined ? today.getMonth() : Number(month) - 1,
    date === undefined ? today.getDate() : Number(date),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const;
  const at = utc ? new Date(Date.UTC(...parts)) : new Date(...parts);
  const back = utc
    ? [at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()]
    : [at.getMonth(), at.getDate(), at.getHours(), at.getMinutes()];
  // The thirtieth of February and the like; an hour that summer time leaves out is there for systemd.
  if (back[0] !== parts[1] || back[1] !== parts[2] || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
    throw wrong(text);
  if (day !== undefined && !isWeekday(day, utc ? at.getUTCDay() : at.getDay())) throw wrong(text);
  return at.getTime() * 1000 + Number(`${fraction}000000`.slice(0, 6));
}

function relativeTime(text: string, now: number): number | undefined {
  const midnight = (offset: number): number => {
    const day = new Date(now);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + offset).getTime() * 1000;
  };
  const span = (words: string): number => {
    try {
      return parseTimeSpan(words, 'it') * 1000;
    } catch {
      throw wrong(text);
    }
  };
  const named: Record<string, () => number> = {
    now: () => now * 1000,
    today: () => midnight(0),
    yesterday: () => midnight(-1),
    tomorrow: () => midnight(1),
  };
  if (Object.hasOwn(named, text)) return named[text]!();
  if (text.startsWith('+')) return now * 1000 + span(text.slice(1));
  if (text.startsWith('-')) return now * 1000 - span(text.slice(1));
  if (text.startsWith('@')) return Math.round(span(text.slice(1)));
  if (/\sago$/.test(text)) return now * 1000 - span(text.slice(0, -4));
  if (/\sleft$/.test(text)) return now * 1000 + span(text.slice(0, -5));
  return undefined;
}

const centuryOf = (year: number): number => (year < 69 ? 2000 : 1900) + year;

const isWeekday = (name: string, day: number): boolean => {
  const full = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'][day]!;
  return name.toLowerCase() === days[day] || name.toLowerCase() === full;
};

const wrong = (text: string): UsageError => new UsageError(`Failed to parse timestamp: ${text}`);
