import type { Cutter } from './cutter.js';

/** Characters that a path may hold between its slashes, as a class of a regular expression. */
export const pathCharacters = '[a-zA-Z0-9._+-]';
const continued = new RegExp(`${pathCharacters}+/?|/`, 'y');

/** Begins a path with the text that stands here. */
export function openPath(cutter: Cutter, text: string): void {
  const start = cutter.at;
  cutter.push('path-open', '');
  cutter.open.push({ mode: 'path', start });
  cutter.at += text.length;
  cutter.push('text', text);
}

/** The next piece of a path, or its end. */
export function cutPath(cutter: Cutter): void {
  if (cutter.text.startsWith('${', cutter.at)) {
    cutter.openInterpolation();
    return;
  }
  const more = cutter.match(continued);
  if (more !== undefined) {
    cutter.push('text', more);
    return;
  }
  cutter.open.pop();
  closePath(cutter);
}

export function closePath(cutter: Cutter): void {
  const last = cutter.tokens.at(-1)!;
  if (last.type === 'text' && last.value.endsWith('/')) {
    cutter.error('a path may not end with a slash', last.start, last.end);
  }
  cutter.push('path-close', '');
}
