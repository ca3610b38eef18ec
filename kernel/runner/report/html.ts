export { escapeHtml } from '../../../src/index.js';

/** JSON for a `<script type="application/json">`: no `<`, so that nothing in it can end the element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** Splits HTML made of text and spans into lines, each complete in itself: spans open at a line's end are closed and opened again. */
export function splitLines(html: string): string[] {
  const open: string[] = [];
  return html.split('\n').map(line => {
    const before = open.join('');
    for (const [tag] of line.matchAll(/<[^>]*>/g)) {
      if (tag.startsWith('</')) open.pop();
      else open.push(tag);
    }
    return before + line + '</span>'.repeat(open.length);
  });
}

/** `3 cells`, `1 cell`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
