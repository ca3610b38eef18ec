import { UsageError } from './usage-error.js';

/** Collects an option that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

/** `10` and `10s` are seconds; `500ms`, `2m`, `1h`. Gives milliseconds. */
export function duration(text: string): number {
  const { amount, unit = 's' } = /^(?<amount>\d+(\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text)?.groups ?? {};
  if (amount === undefined)
    throw new UsageError({ asked: `"${text}" is no duration`, todo: 'write 10s, 500ms, 2m or 1h' });
  return Number(amount) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h'];
}

/** A whole number from 1. */
export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new UsageError({ asked: `"${text}" is no count`, todo: 'write a whole number from 1' });
  return Number(text);
}
