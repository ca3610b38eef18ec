/** Significant digits of a number in a table. */
const digits = 6;

/**
 * A number for a table. Whole numbers are whole: ports, process ids, counts and times since 1970 are nothing without their last
 * digit. Others have six significant digits; where that is not all of it, an exponent says so rather than zeros.
 */
export function shortNumber(value: number | bigint): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint' || !Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const text = value.toPrecision(digits).replace(/\.?0+e/, 'e');
  return text.includes('e') || Math.abs(value) >= 10 ** digits ? text : String(Number(text));
}
