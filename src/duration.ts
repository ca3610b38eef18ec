const UNITS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 } as const;
type Unit = keyof typeof UNITS;

/** In milliseconds, some 24 days: a timer of Node that is longer ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Milliseconds for people: `0.4 ms`, `340 ms`, `2.5 s`, `3 min 20 s`, `1 h 2 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / UNITS.s).toFixed(1)} s`;
  if (ms < UNITS.h - 500) return parts(ms, UNITS.s, 'min', 's');
  return parts(ms, UNITS.min, 'h', 'min');
}

function parts(ms: number, unit: number, large: string, small: string): string {
  const count = Math.round(ms / unit);
  return `${Math.floor(count / 60)} ${large} ${count % 60} ${small}`;
}

/**
 * What people write for a duration, and what `formatDuration` writes, as milliseconds: `500ms`, `10s`, `2m` or `2min`,
 * `1h`, `1 h 30 min`; a number alone is seconds. Nothing for any other text.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  const amounts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|$)\s*/gy)];
  if (amounts.length === 0) return undefined;
  const read = amounts.reduce((length, [amount]) => length + amount.length, 0);
  const alone = amounts.length === 1;
  if (read !== trimmed.length || !amounts.every(([, , unit]) => unit || alone)) return undefined;
  return amounts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[(unit || 's') as Unit], 0);
}
