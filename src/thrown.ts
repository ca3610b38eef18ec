import { inspect } from 'node:util';

/** What was thrown, in a line. JavaScript throws anything; `{ code: 3 }` is then worth more than `[object Object]`. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message);
    return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2, breakLength: Infinity });
  } catch {
    return 'what was thrown cannot be shown: reading it throws';
  }
}
