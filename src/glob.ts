/**
 * Matches whole texts: `*` stands for any text, `?` for any one character, `[a-c]` for one of these, `[!a]` for any other,
 * everything else for itself. As in a shell, a glob also matches the text that is written just like it.
 */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[([!^]?)([^\]]+)\]|\*+|./gs, (text, not: string, members?: string) => {
    if (members !== undefined) return `[${not && '^'}${rangesOf(members)}]`;
    if (text.startsWith('*')) return '.*';
    return text === '?' ? '.' : literal(text);
  });
  return new RegExp(`^(?:${source}|${literal(glob)})$`, 's');
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A range whose end comes before its beginning holds nothing. */
const rangesOf = (members: string): string =>
  members
    .replace(/(.)-(.)/gs, (range, first: string, last: string) => (first <= last ? range : ''))
    .replace(/[\\^[]/g, '\\$&');
