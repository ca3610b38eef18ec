/**
 * Strings of Nix are bytes, and its functions may cut in the middle of a character. Ours are texts of JavaScript; a byte that
 * is part of no character stands in them as one lone code unit, until it meets the other bytes of its character again.
 */
const BASE = 0xdc00;
const stray = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

/** Number of bytes, in UTF-8. */
export function byteLength(text: string): number {
  const lone = mayBeStray(text) ? (text.match(stray)?.length ?? 0) : 0;
  return Buffer.byteLength(text) - 2 * lone;
}

/** The bytes from one place to another. */
export function cutBytes(text: string, from: number, to: number): string {
  return decode(encode(text).subarray(from, to));
}

/** What was cut apart and stands together again is one character. */
export function mended(text: string): string {
  return mayBeStray(text) && text.search(stray) !== -1 ? decode(encode(text)) : text;
}

/** Whether a text ends with a byte of a character. */
export function endsCut(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= BASE + 0x80 && last <= BASE + 0xff;
}

const mayBeStray = (text: string): boolean => /[\udc80-\udcff]/.test(text);

function encode(text: string): Buffer {
  if (!mayBeStray(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(stray)) {
    parts.push(Buffer.from(text.slice(at, match.index)), Buffer.from([match[0].charCodeAt(0) - BASE]));
    at = match.index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(at))]);
}

function decode(bytes: Buffer): string {
  const whole = bytes.toString();
  if (!whole.includes('\ufffd')) return whole;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length ? bytes.subarray(at, at + length).toString() : String.fromCharCode(BASE + bytes[at]!);
    at += length || 1;
  }
  return text;
}

/** Bytes of the character that begins here; 0 when none does. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined || next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
