import { resolve } from 'node:path';
import { Evaluator } from './evaluator.js';

export interface ShowRequest {
  /** A file, or a folder with a default.nix; relative to `directory`. Or else an expression. */
  of: { file: string } | { expression: string };
  /** Absolute paths of the folders that may be read; undefined for everything. */
  roots: readonly string[] | undefined;
  /** Absolute path that relative paths start from. */
  directory: string;
  /** Attribute path to what is wanted; empty for the whole. */
  attribute: string;
  /** `raw` is the string itself; `nix` shows an error inside in its place, `nix-strict` fails by it. */
  format: 'raw' | 'json' | 'nix' | 'nix-strict';
}

/** A value as text, without the end of the line. */
export function show(
  { of, directory, roots, attribute, format }: ShowRequest,
  trace: (line: string) => void,
): string {
  const evaluator = new Evaluator({ trace, ...(roots && { roots }) });
  const whole =
    'file' in of
      ? evaluator.import(resolve(directory, of.file))
      : evaluator.evaluate(of.expression, { directory });
  const value = evaluator.follow(whole, attribute);
  if (format === 'raw') return evaluator.toText(value);
  if (format === 'json') return evaluator.toJsonText(value);
  return evaluator.print(value, { strict: format === 'nix-strict' });
}
