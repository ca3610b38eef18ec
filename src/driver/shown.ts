import { inspect } from 'node:util';

/** A value in an error: as JSON where that says all of it; long ones are cut. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = asJson(value) ?? inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY });
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, part) => (isExact(part) ? part : noJson()));
  } catch {
    return undefined;
  }
}

const isExact = (part: unknown): boolean =>
  typeof part === 'number'
    ? Number.isFinite(part)
    : ['string', 'boolean', 'object'].includes(typeof part) && !(part instanceof Map || part instanceof Set);

function noJson(): never {
  throw new TypeError('JSON does not have it');
}
