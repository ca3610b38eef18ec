import { argumentAt, completeUnit } from '../../src/index.js';
import { blankOptionLines } from '../option-lines.js';
import type { Completion } from '../session/interpreter.js';
import { bodyPlace } from './body-place.js';
import { innerCell } from './inner-cell.js';
import type { BodyCompletion } from './magic.js';
import { findMagic, isMagic, magicNames } from './magics/registry.js';
import type { Notebook } from './notebook.js';
import { blankMagics, magicLineAt } from './split.js';
import { endsInComment, plainWord, splitWords } from './words.js';

/** Completion of magics here, of everything else by TypeScript. */
export async function complete(notebook: Notebook, written: string, cursor: number): Promise<Completion> {
  const code = blankOptionLines(written);
  const inner = await innerCell(code, cursor);
  if (inner !== undefined) return complete(notebook, inner, cursor);
  const line = magicLineAt(code, cursor, isMagic);
  if (line) return completeLine(notebook, code, cursor, line);
  const body = await bodyPlace(notebook, code, cursor);
  if (body) return completeBody(body, cursor);
  const typescript = blankMagics(code, isMagic);
  const argument = argumentAt(typescript, cursor);
  const units = argument && (await completeUnit(notebook, argument));
  if (units) return replacing(units, cursor);
  return (await notebook.typescript()).complete(typescript, cursor);
}

async function completeBody(
  { magic, place }: NonNullable<Awaited<ReturnType<typeof bodyPlace>>>,
  cursor: number,
): Promise<Completion> {
  return replacing((await magic?.completeBody?.(place)) ?? { word: '', matches: [] }, cursor);
}

function replacing({ word, matches }: BodyCompletion, cursor: number): Completion {
  return {
    matches: matches.map(({ text }) => text),
    start: cursor - word.length,
    end: cursor,
    types: matches,
  };
}

async function completeLine(
  notebook: Notebook,
  code: string,
  cursor: number,
  { name, sign, text, textStart, cursor: within }: NonNullable<ReturnType<typeof magicLineAt>>,
): Promise<Completion> {
  if (cursor < textStart) {
    const start = code.lastIndexOf('%', cursor - 1) + 1;
    const typed = code.slice(start, cursor);
    const matches = (await magicNames(sign)).filter(known => known.startsWith(typed));
    return { matches, start, end: cursor, types: matches.map(match => ({ text: match, type: 'magic' })) };
  }
  if (endsInComment(text.slice(0, within))) return { matches: [], start: cursor, end: cursor };
  const magic = await findMagic(name);
  const words = splitWords(text.slice(0, within), { lenient: true });
  const last = words.at(-1);
  const unfinished = last && last.end === within ? last : undefined;
  const before = (unfinished ? words.slice(0, -1) : words).map(plainWord);
  const word = unfinished ? plainWord(unfinished) : '';
  const candidates = (await magic?.complete?.({ notebook, sign, before, word })) ?? [];
  const matches = candidates.filter(candidate => candidate.startsWith(word));
  const start = textStart + (unfinished?.start ?? within);
  return { matches: matches.map(quoted), start, end: cursor };
}

/** As a word of a magic's line. */
const quoted = (word: string) => (/[\s'"\\{}]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word);
