const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[22m`;
const CONTEXT = 2;

export interface Place {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
}

/**
 * The lines around a place of a source, the line marked and a caret under the column.
 * `firstLine` is the number shown for the source's first line, less one.
 */
export function excerpt(source: string, { line, column }: Place, firstLine = 0): string[] {
  const lines = source.split('\n');
  const from = Math.max(1, line - CONTEXT);
  const to = Math.min(lines.length, line + 1);
  const width = String(to + firstLine).length;
  const shown: string[] = [];
  for (let number = from; number <= to; number++) {
    const text = (lines[number - 1] ?? '').replaceAll('\t', ' ').slice(0, 160);
    const label = String(number + firstLine).padStart(width);
    if (number !== line) shown.push(dim(`    ${label} | ${text}`));
    else shown.push(`  ${red('>')} ${label} | ${text}`, `    ${' '.repeat(width)} | ${caret(text, column)}`);
  }
  return shown;
}

function caret(text: string, column: number): string {
  return `${' '.repeat(Math.min(column - 1, text.length))}${red('^')}`;
}

/** `In[3]:2:5`, with the line counted from the cell's first. */
export function placeName(executionCount: number, { line, column }: Place, firstLine: number): string {
  return `In[${executionCount}]:${line + firstLine}:${column}`;
}
