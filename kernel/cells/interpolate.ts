import type { TypeScript } from '../typescript/evaluator.js';
import { plainWord, splitWords } from './words.js';

/**
 * Looks up the value of an expression as text; undefined where it has none, and then it stays as it was written. With
 * `scalar` lists have none either.
 */
export type Lookup = (expression: string, kind?: 'scalar') => Promise<string | undefined>;

/**
 * Values of the user's TypeScript scope: text, numbers and lists of them. A value's own way to show itself makes sure
 * that text arrives as it is.
 */
export function lookupIn(typescript: () => Promise<TypeScript>): Lookup {
  return async (expression, kind) => {
    const lists = kind === 'scalar' ? '' : '&& !Array.isArray(value)';
    const outcome = await (await typescript()).evaluate(`(value => {
      if (value == null || /^(function|symbol)$/.test(typeof value)) throw new TypeError('no text');
      if (typeof value === 'object' ${lists}) throw new TypeError('no text');
      return { toMimeBundle: () => ({ 'text/plain': String(value) }) };
    })(${expression})`);
    return outcome.ok ? outcome.value?.['text/plain'] : undefined;
  };
}

/** The words of a magic's line, each `{expression}` in them replaced by its value. */
export async function interpolatedWords(line: string, lookup: Lookup): Promise<string[]> {
  return Promise.all(
    splitWords(line).map(async word => {
      if (word.parts.every(part => 'text' in part)) return plainWord(word);
      const values = word.parts.map(async part =>
        'text' in part ? part.text : ((await lookup(part.expression)) ?? `{${part.expression}}`),
      );
      return (await Promise.all(values)).join('');
    }),
  );
}

/** In the text of other languages only a plain variable counts, with members: `{rate}`, `{load[0].node}`. Not `${rate}`. */
const VARIABLE = /(?<![$\\{])\{([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d+\])*)\}(?!\})/g;

/**
 * A cell's body with the text, numbers and booleans of its variables. Everything else in braces stays as it is: other
 * languages have such braces too, and `{items}` is then no list of TypeScript that happens to have that name.
 */
export async function interpolatedBody(body: string, lookup: Lookup): Promise<string> {
  const names = new Set([...body.matchAll(VARIABLE)].map(match => match[1]!));
  if (names.size === 0) return body;
  const values = new Map(
    await Promise.all([...names].map(async name => [name, await lookup(name, 'scalar')] as const)),
  );
  return body.replace(VARIABLE, (whole, name: string) => values.get(name) ?? whole);
}
