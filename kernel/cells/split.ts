import { statementStarts } from './statements.js';

/** A part of a cell, in the order in which it runs. */
export type Piece =
  | { kind: 'typescript'; code: string; firstLine: number }
  | { kind: 'line'; magic: string; rest: string; line: number };

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
const LINE_MAGIC = /^[ \t]*%([A-Za-z_][\w-]*)(?:[ \t]+(.*))?$/;

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
    const name = LINE_MAGIC.exec(line)?.[1];
    return name !== undefined && (certainty === 'certain' || isMagic(name));
  });
  lines.forEach((line, index) => {
    if (!scanned.has(index)) return;
    const [, magic = '', rest = ''] = LINE_MAGIC.exec(line)!;
    flush(index);
    pieces.push({ kind: 'line', magic, rest: rest.trim(), line: index });
    from = index + 1;
  });
  flush(lines.length);
  return pieces;
}
