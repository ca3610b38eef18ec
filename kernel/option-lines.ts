/**
 * Option lines of Quarto and MyST: `#| echo: false` or `//| echo: false` at the head of a cell, above a `%%magic` too. They say how the
 * cell is shown in a document, and are comments to whatever runs it.
 */
const OPTION = /^[ \t]*(?:#[ \t]?\||\/\/\|)(.*)$/;

export interface OptionLines {
  /** The YAML that the lines hold. */
  yaml: string;
  /** How many lines of the cell they are, with blank ones before and between them. */
  count: number;
}

/** Undefined where a cell has none. */
export function optionLines(code: string): OptionLines | undefined {
  const yaml: string[] = [];
  let count = 0;
  for (const [index, line] of code.split('\n').entries()) {
    const text = OPTION.exec(line)?.[1];
    if (text === undefined && line.trim() !== '') break;
    if (text === undefined) continue;
    yaml.push(text.replace(/^ /, '').trimEnd());
    count = index + 1;
  }
  return count === 0 ? undefined : { yaml: yaml.join('\n'), count };
}

/** The same text with blanks in their place, so that everything else keeps its place. */
export function blankOptionLines(code: string): string {
  if (!/^\s*(?:#|\/\/\|)/.test(code)) return code;
  const count = optionLines(code)?.count ?? 0;
  return code
    .split('\n')
    .map((line, index) => (index < count ? ' '.repeat(line.length) : line))
    .join('\n');
}
