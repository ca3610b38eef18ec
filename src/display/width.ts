import { stripVTControlCharacters } from 'node:util';

/** Columns that a line takes in a terminal: escape sequences none, wide characters two. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const character of stripVTControlCharacters(line)) columns += widthOf(character);
  return columns;
}

/** The line cut to that many columns, with an ellipsis where something is missing. Only for text without escapes. */
export function clip(line: string, columns: number): string {
  if (columnsOf(line) <= columns) return line;
  let text = '';
  let used = 0;
  for (const character of line) {
    used += widthOf(character);
    if (used > columns - 1) break;
    text += character;
  }
  return `${text}…`;
}

/** The text in lines of at most that many columns, broken between words. Only for text without escapes. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = '';
    }
    line += line ? ` ${word}` : word;
  }
  return [...lines, line].map(each => clip(each, columns));
}

/** Combining marks 0, East Asian wide and emoji 2: the ranges of Unicode's EastAsianWidth.txt that occur in practice. */
function widthOf(character: string): number {
  if (/\p{Mark}|\u200b|\u200d|\ufe0f/u.test(character)) return 0;
  const code = character.codePointAt(0)!;
  if (code < 32) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff);
  return wide ? 2 : 1;
}
