import { findMagic, isMagic } from './magics/registry.js';
import { cellMagic, magicLineAt } from './split.js';

/**
 * The code without what stands before the cursor's cell, as `%time` does: blanks are in its place, so that every place stays
 * what it is. Undefined where the cursor is in no such cell.
 */
export async function innerCell(code: string, cursor: number): Promise<string | undefined> {
  const line = magicLineAt(code, cursor, isMagic);
  if (line) {
    if (line.cursor < 0 || line.sign === '%%' || !(await findMagic(line.name))?.takesCell) return undefined;
    return blanked(code, code.lastIndexOf('\n', cursor - 1) + 1, line.textStart);
  }
  const whole = cellMagic(code);
  if (!whole || !(await findMagic(whole.magic))?.takesCell) return undefined;
  return blanked(code, 0, code.length - whole.body.length);
}

const blanked = (code: string, start: number, end: number): string =>
  code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, ' ') + code.slice(end);
