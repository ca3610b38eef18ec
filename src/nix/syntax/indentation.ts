import type { Part } from './tree.js';

/** A piece of an indented string; `raw` text counts for the common indentation, escaped text does not. */
export type IndentedPiece = { raw: string } | { escaped: string } | { expression: Exclude<Part, string> };

/**
 * Takes the common indentation away, as Nix does: the smallest indentation of all lines that hold more than spaces;
 * only spaces count; a last line of spaces only is dropped.
 */
export function stripIndentation(pieces: readonly IndentedPiece[]): Part[] {
  const indent = commonIndentation(pieces);
  const parts: Part[] = [];
  let atStart = true;
  let dropped = 0;
  pieces.forEach((piece, index) => {
    if ('expression' in piece) {
      atStart = false;
      dropped = 0;
      parts.push(piece.expression);
      return;
    }
    let text = '';
    // A newline that was escaped begins a line like any other.
    for (const character of 'raw' in piece ? piece.raw : piece.escaped) {
      if (atStart && character === ' ') {
        if (dropped++ >= indent) text += ' ';
        continue;
      }
      atStart = character === '\n';
      if (atStart) dropped = 0;
      text += character;
    }
    if (index === pieces.length - 1) text = text.replace(/\n +$/, '\n');
    parts.push(text);
  });
  return parts;
}

function commonIndentation(pieces: readonly IndentedPiece[]): number {
  let least = Number.POSITIVE_INFINITY;
  let current = 0;
  let atStart = true;
  const lineHasText = () => {
    if (atStart) least = Math.min(least, current);
    atStart = false;
  };
  for (const piece of pieces) {
    if (!('raw' in piece)) {
      lineHasText();
      continue;
    }
    for (const character of piece.raw) {
      if (character === '\n') {
        atStart = true;
        current = 0;
      } else if (character === ' ' && atStart) current++;
      else lineHasText();
    }
  }
  return least;
}
