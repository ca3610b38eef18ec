import { terminalText } from '../../../src/index.js';
import { escapeHtml } from './html.js';

/** What is left of terminal output: carriage returns and backspaces have overwritten what stood there, as in a terminal. */
export function settle(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.replace(/\r+\n/g, '\n').split('\n').map(settleLine).join('\n');
}

/** A column holds a character and the escape sequences before it; a rewrite replaces both. */
function settleLine(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const columns: string[] = [];
  let at = 0;
  let pending = '';
  for (const [piece] of line.matchAll(/\x1b\[[\d;:?]*[@-~]|[\s\S]/gu)) {
    if (piece === '\r') at = 0;
    else if (piece === '\b') at = Math.max(0, at - 1);
    else if (/^\x1b\[[012]?K$/.test(piece)) columns.splice(piece === '\x1b[2K' ? 0 : at);
    else if (piece.startsWith('\x1b[')) pending += piece;
    else {
      while (columns.length < at) columns.push(' ');
      columns[at++] = pending + piece;
      pending = '';
    }
  }
  return columns.join('') + pending;
}

interface Style {
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
  /** 0–15: the theme's palette; otherwise a CSS colour. */
  fg?: number | string;
  bg?: number | string;
}

/** Terminal output as HTML: colours and weights as spans, every other control sequence dropped, text escaped. */
export function ansiToHtml(text: string): string {
  let style: Style = {};
  let html = '';
  // SGR · other CSI · text
  const tokens = /\x1b\[([\d;:]*)m|\x1b\[K|[\r\x08]|([^\x1b\r\x08]+)/g;
  for (const [, codes, plain] of settle(terminalText(text)).matchAll(tokens)) {
    if (codes !== undefined) style = restyle(style, codes);
    else if (plain !== undefined) html += wrap(plain, style);
  }
  return html;
}

export const stripAnsi = (text: string): string => terminalText(text).replace(/\x1b\[[\d;:]*[mK]/g, '');

function wrap(text: string, style: Style): string {
  const { fg, bg } = style.inverse
    ? { fg: style.bg ?? 'var(--surface)', bg: style.fg ?? 'currentColor' }
    : style;
  const classes = [
    style.bold && 'ansi-bold',
    style.dim && 'ansi-dim',
    style.italic && 'ansi-italic',
    style.underline && 'ansi-underline',
    style.strike && 'ansi-strike',
    typeof fg === 'number' && `ansi-fg-${fg}`,
    typeof bg === 'number' && `ansi-bg-${bg}`,
  ].filter(Boolean);
  const rules = [typeof fg === 'string' && `color:${fg}`, typeof bg === 'string' && `background-color:${bg}`];
  const css = rules.filter(Boolean).join(';');
  if (!classes.length && !css) return escapeHtml(text);
  const attributes = `${classes.length ? ` class="${classes.join(' ')}"` : ''}${css ? ` style="${css}"` : ''}`;
  return `<span${attributes}>${escapeHtml(text)}</span>`;
}

/** ECMA-48 SGR. */
function restyle(before: Style, codes: string): Style {
  const list = codes.split(/[;:]/).map(Number);
  let style = { ...before };
  for (let i = 0; i < list.length; i++) {
    const code = list[i]!;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code === 29) style.strike = false;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 39) delete style.fg;
    else if (code === 49) delete style.bg;
    else if (code === 38 || code === 48) {
      const rgb = list[i + 1] === 2;
      const colour = rgb
        ? `rgb(${list
            .slice(i + 2, i + 5)
            .map(byte)
            .join(',')})`
        : palette(byte(list[i + 2]));
      style[code === 38 ? 'fg' : 'bg'] = colour;
      i += rgb ? 4 : 2;
    }
  }
  return style;
}

const byte = (value: number | undefined): number => Math.min(255, Math.max(0, value || 0));

/** xterm's 256 colours: 16 of the theme, a 6×6×6 cube, 24 greys. */
function palette(index: number): number | string {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (n: number): number => (n === 0 ? 0 : 55 + n * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}
