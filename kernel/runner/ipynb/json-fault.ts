/** Where a text stops being JSON. Offsets are UTF-16; line and column count from 1. */
export interface JsonFault {
  offset: number;
  line: number;
  column: number;
  /** What was there: a character, or `the end of the file`. */
  found: string;
}

/** A string without its closing quote. */
const OPEN_STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/y;
const STRING = new RegExp(`${OPEN_STRING.source}"`, 'y');
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const SPACE = /[ \t\n\r]*/y;

/** The first fault of a JSON text, undefined when there is none (V8's own message often names no position). */
export function findJsonFault(text: string): JsonFault | undefined {
  const offset = scan(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  const found =
    offset < text.length
      ? JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!))
      : 'the end of the file';
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), found };
}

/** Without recursion: a hostile file may nest deeper than the stack. */
function scan(text: string): number | undefined {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const open: Array<'{' | '['> = [];
  /** What may come next. */
  let expect: 'value' | 'first' | 'key' | 'after' = 'value';
  for (;;) {
    skip(SPACE);
    const char = text[at];
    const inside = open.at(-1);
    if (expect === 'after') {
      if (inside === undefined) return at === text.length ? undefined : at;
      if (char === ',') expect = inside === '{' ? 'key' : 'value';
      else if (char === (inside === '{' ? '}' : ']')) open.pop();
      else return at;
      at++;
      continue;
    }
    if (expect === 'first' && char === (inside === '{' ? '}' : ']')) {
      open.pop();
      at++;
      expect = 'after';
      continue;
    }
    if (inside === '{' && (expect === 'first' || expect === 'key')) {
      if (!skip(STRING)) return faultInString(text, at);
      skip(SPACE);
      if (text[at] !== ':') return at;
      at++;
      expect = 'value';
    } else if (char === '{' || char === '[') {
      open.push(char);
      at++;
      expect = 'first';
    } else if (skip(STRING) || skip(SCALAR)) {
      expect = 'after';
    } else {
      return faultInString(text, at);
    }
  }
}

/** A broken string is at fault where it breaks, not where it begins. */
function faultInString(text: string, at: number): number {
  if (text[at] !== '"') return at;
  OPEN_STRING.lastIndex = at;
  OPEN_STRING.test(text);
  return OPEN_STRING.lastIndex;
}
