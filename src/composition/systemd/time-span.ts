import { CompositionError } from '../errors.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Milliseconds of each unit and its names: systemd.time(7). A month is 30.44 days, a year 365.25. */
const UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [0.001, 'usec', 'us', 'µs', 'μs'],
      [1, 'msec', 'ms'],
      [SECOND, 'seconds', 'second', 'sec', 's', ''],
      [60 * SECOND, 'minutes', 'minute', 'min', 'm'],
      [3600 * SECOND, 'hours', 'hour', 'hr', 'h'],
      [DAY, 'days', 'day', 'd'],
      [7 * DAY, 'weeks', 'week', 'w'],
      [30.44 * DAY, 'months', 'month', 'M'],
      [365.25 * DAY, 'years', 'year', 'y'],
    ] as const
  ).flatMap(([milliseconds, ...names]) => names.map(name => [name, milliseconds])),
);

/**
 * A time span of systemd in whole milliseconds, `Infinity` for "infinity": `5s`, `1min 30s`, `1.5h`, and a bare number
 * for seconds. `what` names the option in errors.
 */
export function parseTimeSpan(value: string | number, what: string): number {
  const text = String(value).trim();
  if (text === 'infinity') return Infinity;
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-zA-Zµμ]*)/gy)];
  const read = parts.reduce((length, [part]) => length + part.length, 0);
  const total = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit!] ?? NaN), 0);
  if (parts.length > 0 && read === text.length && Number.isFinite(total)) return Math.round(total);
  throw new CompositionError({
    asked: `${what} is not a time span`,
    found: JSON.stringify(value),
    todo: 'write for example 5s, 1min 30s, or a number of seconds',
  });
}
