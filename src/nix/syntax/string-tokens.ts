import type { Cutter } from './cutter.js';

/** The next piece of a string, or its end. */
export function cutString(cutter: Cutter): void {
  const { text, at: start } = cutter;
  if (text[start] === '"') {
    cutter.open.pop();
    cutter.at++;
    cutter.push('"', '"');
    return;
  }
  if (text.startsWith('${', start)) {
    cutter.openInterpolation();
    return;
  }
  let value = '';
  let at = start;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"' || text.startsWith('${', at)) break;
    if (character === '\\' && at + 1 < text.length) {
      value += meaning(text[at + 1]!);
      at += 2;
    } else if (character === '$' && text[at + 1] === '$') {
      // `$${` is no interpolation: a dollar takes the next character with it.
      value += '$$';
      at += 2;
    } else if (character === '\r') {
      // As Nix: ends of lines from Windows count as newlines.
      value += '\n';
      at += text[at + 1] === '\n' ? 2 : 1;
    } else {
      value += character;
      at++;
    }
  }
  cutter.at = at;
  cutter.push('text', value, start);
}

/** The next piece of an indented string, or its end. */
export function cutIndentedString(cutter: Cutter): void {
  const { text, at: start } = cutter;
  if (text.startsWith("''", start)) {
    const next = text[start + 2];
    if (next === '$') cutEscape(cutter, '$', 3);
    else if (next === "'") cutEscape(cutter, "''", 3);
    else if (next === '\\' && start + 3 < text.length) cutEscape(cutter, meaning(text[start + 3]!), 4);
    else {
      cutter.open.pop();
      cutter.at += 2;
      cutter.push("''", "''");
    }
    return;
  }
  if (text.startsWith('${', start)) {
    cutter.openInterpolation();
    return;
  }
  let value = '';
  let at = start;
  while (at < text.length && !text.startsWith("''", at) && !text.startsWith('${', at)) {
    const character = text[at]!;
    const next = text[at + 1];
    const pair =
      next !== undefined &&
      ((character === '$' && next !== '{' && next !== "'") ||
        (character === "'" && next !== "'" && next !== '$'));
    value += pair ? character + next : character;
    at += pair ? 2 : 1;
  }
  cutter.at = at;
  cutter.push('text', value, start);
}

function cutEscape(cutter: Cutter, value: string, length: number): void {
  const start = cutter.at;
  cutter.at += length;
  cutter.push('escaped', value, start);
}

function meaning(character: string): string {
  return { n: '\n', r: '\r', t: '\t' }[character] ?? character;
}
