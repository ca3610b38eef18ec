import { statementStarts } from './statements.js';

/** A part of a cell, in the order in which it runs. */
export type Piece =
  | { kind: 'typescript'; code: string; firstLine: number }
  | { kind: 'line'; text: string; magic: string; rest: string; line: number }
  /** A cell magic that is not on the first line. */
  | { kind: 'misplaced'; text: string; line: number };

/** A cell that belongs to one magic as a whole. */
export interface CellMagic {
  magic: string;
  /** What follows the name on its line. */
  rest: string;
  body: string;
  /** Line of the cell, from 0, on which the body begins. */
  bodyLine: number;
}

const CELL_MAGIC = /^\s*%%([A-Za-z_][\w-]*)(?:[ \t]+([^\n]*))?(?:\n|$)/;
const LINE_MAGIC = /^[ \t]*(%%?)([A-Za-z_][\w-]*)(?:[ \t]+(.*))?$/;

/** The cell magic that the cell's first line names. Blank lines may stand before it. */
export function cellMagic(code: string): CellMagic | undefined {
  const [head, magic, rest = ''] = CELL_MAGIC.exec(code) ?? [];
  if (head === undefined || magic === undefined) return undefined;
  return { magic, rest: rest.trim(), body: code.slice(head.length), bodyLine: head.split('\n').length - 1 };
}

/**
 * TypeScript and line magics. A line that begins with `%` is a magic only where a statement may begin: within a string,
 * a comment, brackets or an unfinished expression it stays TypeScript, where `%` is the remainder. After an expression without
 * semicolon only a name that `isMagic` knows is one.
 */
export function splitPieces(code: string, isMagic: (name: string) => boolean): Piece[] {
  if (!/^[ \t]*%/m.test(code)) return code.trim() === '' ? [] : [{ kind: 'typescript', code, firstLine: 0 }];
  const lines = code.split('\n');
  const pieces: Piece[] = [];
  let from = 0;
  const flush = (to: number) => {
    const text = lines.slice(from, to).join('\n');
    if (text.trim() !== '') pieces.push({ kind: 'typescript', code: text, firstLine: from });
  };
  // What stands on lines of magics is blanked, so that the rest is scanned as what it is.
  const scanned = statementStarts(lines, (line, certainty) => {
    const name = LINE_MAGIC.exec(line)?.[2];
    return name !== undefined && (certainty === 'certain' || isMagic(name));
  });
  lines.forEach((line, index) => {
    if (!scanned.has(index)) return;
    const [, sign, magic = '', rest = ''] = LINE_MAGIC.exec(line)!;
    flush(index);
    if (sign === '%%') pieces.push({ kind: 'misplaced', text: line.trim(), line: index });
    else pieces.push({ kind: 'line', text: line.trim(), magic, rest: rest.trim(), line: index });
    from = index + 1;
  });
  flush(lines.length);
  return pieces;
}

/** The same text with its magics turned to blanks, so that what is left has its places. */
export function blankMagics(code: string, isMagic: (name: string) => boolean): string {
  const lines = code.split('\n');
  for (const piece of splitPieces(code, isMagic)) {
    if (piece.kind !== 'typescript') lines[piece.line] = ' '.repeat(lines[piece.line]!.length);
  }
  return lines.join('\n');
}

export interface MagicLine {
  sign: '%' | '%%';
  name: string;
  /** What follows the name and its blank. */
  text: string;
  /** UTF-16 offset of `text` in the code. */
  textStart: number;
  /** Offset of the cursor in `text`. */
  cursor: number;
}

/** The magic on whose line the cursor is; its name may still be unfinished. */
export function magicLineAt(
  code: string,
  cursor: number,
  isMagic: (name: string) => boolean,
): MagicLine | undefined {
  const start = code.lastIndexOf('\n', cursor - 1) + 1;
  const newline = code.indexOf('\n', cursor);
  const line = code.slice(start, newline < 0 ? code.length : newline);
  const { head, sign, name, gap } =
    /^(?<head>\s*(?<sign>%%?))(?<name>[\w-]*)(?<gap>[ \t]*)/.exec(line)?.groups ?? {};
  if (head === undefined || name === undefined || gap === undefined) return undefined;
  if (sign === '%%' ? code.slice(0, start).trim() !== '' : !startsMagic(code, start, line, isMagic))
    return undefined;
  const textStart = start + head.length + name.length + gap.length;
  const nameEnds = gap === '' ? textStart + 1 : textStart;
  return {
    sign: sign as '%' | '%%',
    name,
    text: code.slice(textStart, start + line.length),
    textStart: nameEnds,
    cursor: cursor - nameEnds,
  };
}

/** Whether a `%` at the start of this line begins a statement; an unfinished name counts as a magic's. */
function startsMagic(code: string, start: number, line: string, isMagic: (name: string) => boolean): boolean {
  if (cellMagic(code)) return false;
  const whole = /^[ \t]*%[A-Za-z_]/.test(line) ? line : line.replace('%', '%x');
  const index = code.slice(0, start).split('\n').length - 1;
  const pieces = splitPieces(
    `${code.slice(0, start)}${whole}`,
    name => isMagic(name) || line.trim() === `%${name}`,
  );
  return pieces.some(piece => piece.kind === 'line' && piece.line === index);
}
