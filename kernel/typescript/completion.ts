import type { Completion } from '../session/interpreter.js';
import type { PropertyName } from './messages.js';
import { nameBefore } from './names.js';

/** Completion from what variables hold, for as long as nothing better is ready. Offsets in UTF-16 units. */
export async function completeFromProperties(
  code: string,
  cursor: number,
  properties: (expression: string | undefined) => Promise<PropertyName[]>,
): Promise<Completion> {
  const { typed, owner, isMember } = nameBefore(code, cursor);
  const names = isMember && !owner ? [] : await properties(owner);
  const hidden = (name: string) => name.startsWith('__') && !typed.startsWith('_');
  const found = new Map(
    names.filter(({ name }) => name.startsWith(typed) && !hidden(name)).map(({ name, type }) => [name, type]),
  );
  const matches = [...found.keys()].sort();
  return {
    matches,
    start: cursor - typed.length,
    end: cursor,
    types: matches.map(text => ({ text, type: found.get(text)! })),
  };
}
