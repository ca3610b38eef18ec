import { checkOwnName } from '../../src/index.js';
import { MagicError } from './words.js';

/** `latency=time=([\d.]+) ms`: finds the number that is the first group, or the whole match, in a line. */
export interface MetricPattern {
  metric: string;
  match(line: string): number | undefined;
}

export function metricPattern(text: string): MetricPattern {
  const { metric, source } = /^(?<metric>[A-Za-z_][\w.-]*)=(?<source>.+)$/s.exec(text)?.groups ?? {};
  if (metric === undefined || source === undefined) {
    throw new MagicError({ asked: `cannot read --metric "${text}"`, todo: "write --metric 'name=regex'" });
  }
  checkOwnName(metric);
  const regex = compile(source);
  return {
    metric,
    match(line) {
      const found = regex.exec(line);
      const value = found ? Number(found[1] ?? found[0]) : Number.NaN;
      return Number.isFinite(value) ? value : undefined;
    },
  };
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new MagicError({ asked: `--metric: ${(error as Error).message}` });
  }
}
