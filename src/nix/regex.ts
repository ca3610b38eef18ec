import { NixError } from './error.js';
import { isStackOverflow } from './overflow.js';

const compiled = new Map<string, RegExp>();

/**
 * A POSIX extended regular expression (what `match` and `split` take) as a JavaScript one. Of alternatives JavaScript
 * takes the first that fits where POSIX takes the longest; anchored at both ends, as in `match`, that makes no difference.
 * Throws NixError for what POSIX does not know.
 */
export function posixRegex(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  let regex: RegExp;
  try {
    regex = new RegExp(translate(pattern), 'dgu');
  } catch (error) {
    if (isStackOverflow(error)) throw error;
    throw invalid(pattern, error instanceof NixError ? error.parts.asked : (error as Error).message);
  }
  if (compiled.size > 1000) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

function invalid(pattern: string, found: string): NixError {
  return new NixError('evaluation', { asked: `'${pattern}' is no POSIX extended regular expression`, found });
}

function translate(pattern: string): string {
  let result = '';
  let at = 0;
  let repeatable = false;
  while (at < pattern.length) {
    const character = String.fromCodePoint(pattern.codePointAt(at)!);
    at += character.length;
    if ('*+?'.includes(character)) {
      if (!repeatable) throw invalid(pattern, `nothing to repeat before '${character}'`);
      result += character;
      // A second one would repeat the repetition; JavaScript would read it as laziness.
      repeatable = false;
    } else if (character === '{') {
      const bounds = /^\d+(,\d*)?\}/.exec(pattern.slice(at))?.[0];
      if (!bounds || !repeatable) throw invalid(pattern, "'{' without a number of repetitions");
      result += character + bounds;
      at += bounds.length;
    } else if (character === '[') {
      const end = bracketEnd(pattern, at);
      result += bracket(pattern.slice(at, end), pattern);
      at = end + 1;
      repeatable = true;
    } else if (character === '\\') {
      const escaped = pattern[at++];
      if (escaped === undefined || /[a-zA-Z0-9]/.test(escaped))
        throw invalid(pattern, `the escape '\\${escaped ?? ''}'`);
      result += literal(escaped);
      repeatable = true;
    } else if (character === '.') {
      result += '[^]';
      repeatable = true;
    } else if ('(|)^$'.includes(character)) {
      result += character;
      repeatable = character === ')';
    } else {
      result += literal(character);
      repeatable = true;
    }
  }
  return result;
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

/** Where the `]` is that closes a bracket expression whose content begins at `from`. */
function bracketEnd(pattern: string, from: number): number {
  let at = pattern[from] === '^' ? from + 1 : from;
  if (pattern[at] === ']') at++;
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    const opened = /^\[([:.=])/.exec(pattern.slice(at, at + 2))?.[1];
    if (!opened) continue;
    const end = pattern.indexOf(`${opened}]`, at + 2);
    if (end !== -1) at = end + 1;
  }
  if (at >= pattern.length) throw invalid(pattern, "a '[' that is never closed");
  return at;
}

const classes: Record<string, string> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

function bracket(content: string, pattern: string): string {
  const negated = content.startsWith('^');
  const inner = (negated ? content.slice(1) : content).replace(
    /\[:(\w+):\]|\[[.=](.)[.=]\]|[\\\]^[]/g,
    (token, name?: string, collated?: string) => {
      if (collated !== undefined) return literal(collated);
      if (name === undefined) return `\\${token}`;
      const members = classes[name];
      if (members === undefined) throw invalid(pattern, `the character class '${name}'`);
      return members;
    },
  );
  // A dash at either end is itself.
  const plain = inner.replace(/^-/, '\\-').replace(/([^\\])-$/, '$1\\-');
  return `[${negated ? '^' : ''}${plain}]`;
}
