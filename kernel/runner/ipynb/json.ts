/**
 * JSON whose numbers stay as they were written: `1.0`, `1e400`, `-0` and integers beyond 2^53 are no numbers of JavaScript, and what
 * a run does not touch must leave it unchanged. Without recursion: a hostile file may nest deeper than the stack.
 */
import { JsonFaultError } from './json-fault.js';

/** A number that JavaScript would write otherwise. */
export class JsonNumber {
  constructor(readonly text: string) {}

  valueOf(): number {
    return Number(this.text);
  }

  /** For who writes JSON without `formatJson`, such as plots. */
  toJSON(): number {
    return Number(this.text);
  }
}

type Container = unknown[] | Record<string, unknown>;

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/** Throws JsonFaultError. */
export function parseJson(text: string): unknown {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const string = (): string => {
    const end = endOfString(text, at);
    const token = text.slice(at, end);
    at = end;
    return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
  };
  const open: Array<{ container: Container; key: string }> = [];
  for (;;) {
    take(SPACE);
    const inside = open.at(-1);
    let value: unknown;
    const closes = inside && text[at] === (Array.isArray(inside.container) ? ']' : '}');
    if (closes && isEmpty(inside.container)) {
      at++;
      value = open.pop()!.container;
    } else {
      if (inside && !Array.isArray(inside.container)) {
        if (text[at] !== '"') throw new JsonFaultError(text, at);
        inside.key = string();
        take(SPACE);
        if (text[at] !== ':') throw new JsonFaultError(text, at);
        at++;
        take(SPACE);
      }
      const char = text[at];
      if (char === '{' || char === '[') {
        at++;
        open.push({ container: char === '{' ? {} : [], key: '' });
        continue;
      }
      value = char === '"' ? string() : scalar(take(SCALAR), text, at);
    }
    // What is complete goes into what is around it, and may complete that too.
    for (;;) {
      const around = open.at(-1);
      take(SPACE);
      if (!around) {
        if (at < text.length) throw new JsonFaultError(text, at);
        return value;
      }
      add(around, value);
      if (text[at] === ',') {
        at++;
        break;
      }
      if (text[at] !== (Array.isArray(around.container) ? ']' : '}')) throw new JsonFaultError(text, at);
      at++;
      value = open.pop()!.container;
    }
  }
}

const isEmpty = (container: Container): boolean => {
  for (const _ in container) return false;
  return true;
};

function add({ container, key }: { container: Container; key: string }, value: unknown): void {
  if (Array.isArray(container)) container.push(value);
  else if (key !== '__proto__') container[key] = value;
  else Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

function scalar(token: string | undefined, text: string, at: number): unknown {
  if (token === undefined) throw new JsonFaultError(text, at);
  if (token === 'null') return null;
  if (token === 'true' || token === 'false') return token === 'true';
  const number = Number(token);
  return String(number) === token ? number : new JsonNumber(token);
}

/** Where the string that begins at `start` has ended; it is at fault where it breaks, not where it begins. */
function endOfString(text: string, start: number): number {
  const special = /["\\\u0000-\u001f]/g;
  special.lastIndex = start + 1;
  for (let found = special.exec(text); found; found = special.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    ESCAPE.lastIndex = found.index;
    if (!ESCAPE.test(text)) throw new JsonFaultError(text, found.index);
    special.lastIndex = ESCAPE.lastIndex;
  }
  throw new JsonFaultError(text, text.length);
}

/** Members that are undefined are left out, as JSON.stringify does. */
export function formatJson(value: unknown, { indent = '', sortKeys = false } = {}): string {
  const parts: string[] = [];
  const open: Array<{ members: Array<[string, unknown]>; next: number; end: string }> = [];
  const line = (): string => (indent ? `\n${indent.repeat(open.length)}` : '');
  const begin = (one: unknown): void => {
    if (one instanceof JsonNumber) parts.push(one.text);
    else if (typeof one !== 'object' || one === null) parts.push(JSON.stringify(one) ?? 'null');
    else {
      const list = Array.isArray(one);
      const members = list ? one.map((member): [string, unknown] => ['', member]) : membersOf(one);
      const [start, end] = list ? ['[', ']'] : ['{', '}'];
      parts.push(start);
      if (members.length) open.push({ members, next: 0, end });
      else parts.push(end);
    }
  };
  const membersOf = (one: object): Array<[string, unknown]> => {
    const members = Object.entries(one).filter(([, member]) => member !== undefined);
    if (sortKeys) members.sort(([a], [b]) => (a < b ? -1 : 1));
    return members.map(([key, member]) => [`${JSON.stringify(key)}:${indent && ' '}`, member]);
  };
  begin(value);
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const member = frame.members[frame.next];
    if (!member) {
      open.pop();
      parts.push(line(), frame.end);
      continue;
    }
    parts.push(frame.next++ ? ',' : '', line(), member[0]);
    begin(member[1]);
  }
  return parts.join('');
}
