import type { TypeScript } from '../typescript/evaluator.js';
import { shellStretches } from './shell-text.js';
import { expandVariable, type ShellScope } from './shell-variable.js';
import { MagicError, type Part, splitWords } from './words.js';

/** The value of an expression as text, or why it has none: `ReferenceError: n is not defined`. */
export type Looked = { text: string } | { problem: string };

/** Looks up the value of an expression. With `scalar` a list has none. */
export type Lookup = (expression: string, kind?: 'scalar') => Promise<Looked>;

/**
 * Values of the user's TypeScript scope: text, numbers and lists of them. A value's own way to show itself makes sure
 * that text arrives as it is.
 */
export function lookupIn(typescript: () => Promise<TypeScript>): Lookup {
  return async (expression, kind) => {
    const lists = kind === 'scalar' ? '' : '&& !Array.isArray(value)';
    const outcome = await (await typescript()).evaluate(`(value => {
      const kind = value === null ? 'null' : typeof value;
      if (/^(null|undefined|function|symbol)$/.test(kind) || (kind === 'object' ${lists}))
        throw new TypeError('its value is not text, a number, a boolean or a list of them, but ' + kind);
      return { toMimeBundle: () => ({ 'text/plain': String(value) }) };
    })((${expression}\n))`);
    if (outcome.ok) return { text: String(outcome.value?.['text/plain']) };
    const { ename, evalue } = outcome.error;
    // The place in the code around it means nothing to anybody.
    return { problem: `${ename}: ${evalue.replace(/ \(In\[\d+\](:\d+)*\)$/, '')}` };
  };
}

/**
 * The words of a magic's line, each `{expression}` in them replaced by its value, and with `shell` each variable of a shell. JSON in
 * braces stays as it is.
 */
export async function interpolatedWords(line: string, lookup: Lookup, shell?: ShellScope): Promise<string[]> {
  const value = async (part: Part): Promise<string> => {
    if ('text' in part) return part.text;
    if ('variable' in part) return expandVariable(part, shell!);
    const whole = `{${part.expression}}`;
    if (isJson(whole)) return whole;
    const looked = await lookup(part.expression);
    if ('text' in looked) return looked.text;
    throw new MagicError({
      asked: `${whole} has no value that could stand in this line`,
      found: [looked.problem, `  ${line}`, `  ${' '.repeat(part.at)}${'^'.repeat(whole.length)}`].join('\n'),
      todo: "fix the expression, or put braces that should stay as they are into single quotes: '{…}'",
    });
  };
  return Promise.all(
    splitWords(line, { variables: shell !== undefined }).map(async ({ parts }) =>
      (await Promise.all(parts.map(value))).join(''),
    ),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** In a script only a plain variable counts, with members: `{rate}`, `{load[0].node}`. Not `${rate}`; `\{rate}` is the text {rate}. */
const VARIABLE = /(?<![${])(\\?)\{([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d+\])*)\}(?!\})|\\[^{]/g;

/**
 * A shell's script with the text, numbers and booleans of TypeScript variables, outside of single quotes. All else in braces
 * stays as it is: shells have braces too, and `{items}` is then no list of TypeScript that happens to have that name.
 */
export async function interpolatedScript(script: string, lookup: Lookup): Promise<string> {
  const stretches = shellStretches(script);
  const names = stretches
    .filter(({ quoted }) => !quoted)
    .flatMap(({ text }) => [...text.matchAll(VARIABLE)])
    .flatMap(([, backslash, name]) => (name === undefined || backslash ? [] : [name]));
  const values = new Map(
    await Promise.all([...new Set(names)].map(async name => [name, await lookup(name, 'scalar')] as const)),
  );
  const replaced = (whole: string, backslash: string, name?: string) => {
    if (name === undefined) return whole;
    if (backslash) return whole.slice(1);
    const looked = values.get(name)!;
    return 'text' in looked ? looked.text : whole;
  };
  return stretches.map(({ text, quoted }) => (quoted ? text : text.replace(VARIABLE, replaced))).join('');
}
