import { type Diagnostic, diagnoseNix } from '../../src/index.js';
import type { NotebookDisplay } from './notebook-display.js';
import { MagicError } from './words.js';

/** Shows what is wrong with Nix text that was just written, each with its line; syntax errors are an error of the cell. */
export async function nixReport(file: string, text: string, display: NotebookDisplay): Promise<void> {
  const found = await diagnoseNix(text, file);
  const lines = text.split('\n');
  for (const diagnostic of found.filter(({ severity }) => severity === 'warning')) {
    display.write(`\x1b[33mwarning:\x1b[0m ${describe(diagnostic, lines)}\n`, 'stderr');
  }
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new MagicError({
    asked: `${file} is written, but ${errors.length === 1 ? 'an error is' : `${errors.length} errors are`} in it`,
    found: errors.map(error => describe(error, lines)).join('\n'),
  });
}

function describe(
  { message, line, column, endLine, endColumn }: Diagnostic,
  lines: readonly string[],
): string {
  const source = lines[line - 1] ?? '';
  const marked = Math.max(1, (endLine === line ? endColumn : source.length + 1) - column);
  const margin = String(line).length;
  return [
    `line ${line}, column ${column}: ${message}`,
    `  ${line} │ ${source}`,
    `  ${' '.repeat(margin)} │ ${' '.repeat(column - 1)}${'^'.repeat(marked)}`,
  ].join('\n');
}
