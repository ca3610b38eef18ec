import { type CellContext, currentCell } from './cell-context.js';
import { write } from './output.js';

const said = new WeakMap<CellContext, Set<string>>();

/** A line in the calling cell's stderr about what it shows. Once in a cell: a display may be updated ten times a second. */
export function noteOnce(note: string): void {
  const cell = currentCell();
  const notes = (cell && said.get(cell)) ?? new Set();
  if (cell) said.set(cell, notes);
  if (notes.has(note)) return;
  notes.add(note);
  write('stderr', `${note}\n`);
}
