import { NxcError } from '../errors.js';

/** A `--metric` option that cannot be used. */
export class ExtractorError extends NxcError {}

/** Finds a metric in the output of a command. */
export interface Extractor {
  metric: string;
  /** The number in a line, undefined where there is none. */
  match(line: string): number | undefined;
}

/** Reads `name=regex`; the first group of the expression (the whole match without one) is the number. */
export function parseExtractor(option: string): Extractor {
  const cut = option.indexOf('=');
  const metric = option.slice(0, cut).trim();
  if (cut < 0 || metric === '') {
    throw new ExtractorError({
      asked: `"${option}" names no metric`,
      todo: "write name=regex, such as --metric 'rps=([0-9.]+) req/s'",
    });
  }
  const expression = compile(option.slice(cut + 1));
  return {
    metric,
    match(line) {
      const found = expression.exec(line);
      const value = Number.parseFloat(found?.[1] ?? found?.[0] ?? '');
      return Number.isNaN(value) ? undefined : value;
    },
  };
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new ExtractorError({
      asked: (cause as Error).message,
      todo: 'mend the expression of --metric',
      cause,
    });
  }
}
