import { homeFolder } from '../../src/index.js';
import { MagicError } from './magic-error.js';

/** A shell's variable in a word: `$A`, `${A}`, and `${A:-b}` with what stands there when it is unset (or empty, with a colon). */
export interface ShellVariable {
  variable: string;
  operator?: '-' | ':-' | '+' | ':+';
  word?: string;
}

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}$`\\'"]*))?\})/y;
/** What a shell would expand as well, and a magic's line does not; the second outside of quotes only. */
const OTHERS = /\$(?:\(|\{[^}]*\}?|[\d?!#@*$-])|`/y;
const UNQUOTED_OTHERS = /\$['"]/y;

/** The variable at this place of a line, and where it ends; undefined where none begins. A `~` that begins a path is HOME. */
export function shellVariableAt(
  line: string,
  at: number,
  isQuoted: boolean,
): { part: ShellVariable; end: number } | undefined {
  if (!isQuoted && line[at] === '~' && /(?:^|[\s=:])$/.test(line.slice(0, at))) {
    const [home = ''] = /^~[\w.+-]*(?=$|[\s/:])/.exec(line.slice(at)) ?? [];
    if (home === '~') return { part: { variable: 'HOME', operator: ':-', word: homeFolder() }, end: at + 1 };
    if (home !== '') throw notExpanded(home);
  }
  VARIABLE.lastIndex = OTHERS.lastIndex = UNQUOTED_OTHERS.lastIndex = at;
  const [whole, plain, braced, operator, word] = VARIABLE.exec(line) ?? [];
  if (whole !== undefined) {
    const part: ShellVariable = { variable: (plain ?? braced)! };
    if (operator !== undefined) Object.assign(part, { operator, word });
    return { part, end: at + whole.length };
  }
  const [other] = OTHERS.exec(line) ?? (isQuoted ? null : UNQUOTED_OTHERS.exec(line)) ?? [];
  if (other === undefined) return undefined;
  throw notExpanded(line.slice(at, at + Math.max(other.length, 20)).trim());
}

const notExpanded = (text: string) =>
  new MagicError({
    asked: `${text}: this is not expanded here`,
    found:
      'a line like this expands $NAME, ${NAME}, ${NAME:-word}, ${NAME:+word}, ~, and {expression} of TypeScript',
    todo: "have it in TypeScript: process.env.NAME = …; single quotes or a backslash keep the characters: '$(…)'",
  });

export interface ShellScope {
  env: Readonly<Record<string, string | undefined>>;
  /** Hears of a variable that is not set and has no word for that. */
  unset(name: string): void;
}

/** Its value, as in a shell: an unset variable is empty. */
export function expandVariable(
  { variable, operator, word = '' }: ShellVariable,
  { env, unset }: ShellScope,
): string {
  const value = env[variable];
  const counts = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator?.endsWith('+')) return counts ? word : '';
  if (value === undefined && operator === undefined) unset(variable);
  return (counts ? value : word) ?? '';
}
