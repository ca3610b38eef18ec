/** How values of a plot are written: one prefix for all of them, chosen so that the greatest has one to four digits. */
export interface Scale {
  /** Values are divided by this. */
  divisor: number;
  /** With prefix: `MiB/s`. */
  unit: string;
}

const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const decimal = ['', 'k', 'M', 'G', 'T'];
/** Units that people write with prefixes; nobody says kilorequests. */
const prefixed = /^(W|J|Wh|Hz|V|A|bit|bit\/s|b\/s)$/;
const small = ['', 'm', 'µ', 'n'];

/** Bytes get IEC prefixes, seconds go down to nanoseconds, physical units get SI prefixes upwards, the rest stays. */
export function scaleFor(unit: string, greatest: number): Scale {
  const size = Math.abs(greatest);
  if (unit === 'B' || unit === 'B/s') return step(unit, size, 1024, binary);
  if (unit === 's' && size > 0 && size < 1) {
    const steps = Math.min(small.length - 1, Math.ceil(-Math.log10(size) / 3));
    return { divisor: 1000 ** -steps, unit: `${small[steps]}s` };
  }
  return prefixed.test(unit) ? step(unit, size, 1000, decimal) : { divisor: 1, unit };
}

function step(unit: string, size: number, base: number, prefixes: readonly string[]): Scale {
  let power = 0;
  while (power < prefixes.length - 1 && size >= base ** (power + 1)) power++;
  return { divisor: base ** power, unit: `${prefixes[power]}${unit}` };
}

/** `12.3 MiB/s`: three significant digits with the prefix that fits this value. */
export function formatValue(value: number, unit: string): string {
  const scale = scaleFor(unit, value);
  return [formatNumber(value / scale.divisor), scale.unit].filter(Boolean).join(' ');
}

/** Three significant digits, without exponents for what people meet. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  if (size < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}
