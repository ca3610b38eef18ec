import { formatDuration, LONGEST_TIMER, parseDuration } from '../duration.js';
import { UsageError } from './usage-error.js';

/** Collects an option that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

/** A time limit as `parseDuration` reads it, in milliseconds and more than none. */
export function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds && milliseconds > LONGEST_TIMER)
    throw new UsageError({
      asked: `"${text}" is too long for a time limit`,
      todo: `write at most ${formatDuration(LONGEST_TIMER)}, or leave it out`,
    });
  if (milliseconds) return milliseconds;
  throw new UsageError({ asked: `"${text}" is not a duration`, todo: 'write 10s, 500ms, 2m or 1h' });
}

/** A whole number from 1. */
export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new UsageError({ asked: `"${text}" is not a count`, todo: 'write a whole number from 1' });
  return Number(text);
}

/** `yes` or `no` as a boolean. */
export function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new UsageError({ asked: `"${text}" is neither yes nor no` });
}
