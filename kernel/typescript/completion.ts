import type { Completion } from '../session/interpreter.js';
import type { PropertyName } from './messages.js';

/** Completion from what variables hold, for as long as nothing better is ready. Offsets in UTF-16 units. */
export async function completeFromProperties(
  code: string,
  cursor: number,
  properties: (expression: string | undefined) => Promise<PropertyName[]>,
): Promise<Completion> {
  const before = code.slice(0, cursor);
  const prefix = /[\p{ID_Continue}$]*$/u.exec(before)![0];
  const start = cursor - prefix.length;
  const owner =
    /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\])*)\??\.$/u.exec(
      before.slice(0, start),
    );
  const ofSomething = before[start - 1] === '.';
  if (ofSomething && !owner) return { matches: [], start, end: cursor };
  const names = await properties(owner?.[1]);
  const found = new Map(
    names
      .filter(({ name }) => name.startsWith(prefix) && (prefix.startsWith('_') || !name.startsWith('__')))
      .map(({ name, type }) => [name, type]),
  );
  const matches = [...found.keys()].sort();
  return {
    matches,
    start,
    end: cursor,
    types: matches.map(text => ({ text, type: found.get(text)! })),
  };
}
