import { MagicError } from './words.js';

/** Calls `found` with the metric's name and value when the line matches. */
export type MetricPattern = (line: string, found: (metric: string, value: number) => void) => void;

/** `latency=time=([\d.]+) ms`: the first group, or the whole match, is the value. */
export function metricPattern(text: string): MetricPattern {
  const { name, source } = /^(?<name>[A-Za-z_][\w.-]*)=(?<source>.+)$/s.exec(text)?.groups ?? {};
  if (name === undefined || source === undefined) {
    throw new MagicError({ asked: `cannot read --metric "${text}"`, todo: "write --metric 'name=regex'" });
  }
  const regex = compile(source);
  return (line, found) => {
    const match = regex.exec(line);
    const value = match ? Number(match[1] ?? match[0]) : Number.NaN;
    if (Number.isFinite(value)) found(name, value);
  };
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new MagicError({ asked: `--metric: ${(error as Error).message}` });
  }
}
