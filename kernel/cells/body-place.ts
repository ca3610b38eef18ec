import type { BodyPlace, Magic } from './magic.js';
import { findMagic } from './magics/registry.js';
import type { Notebook } from './notebook.js';
import { cellMagic } from './split.js';
import { plainWord, splitWords } from './words.js';

/** The cell magic that the code belongs to, and where in its body the cursor is; undefined for TypeScript. */
export async function bodyPlace(
  notebook: Notebook,
  code: string,
  cursor: number,
): Promise<{ magic: Magic | undefined; place: BodyPlace } | undefined> {
  const whole = cellMagic(code);
  if (!whole) return undefined;
  const start = code.length - whole.body.length;
  const words = splitWords(whole.rest, { lenient: true }).map(plainWord);
  const place = { notebook, words, before: code.slice(start, cursor), after: code.slice(cursor) };
  return { magic: await findMagic(whole.magic), place };
}
