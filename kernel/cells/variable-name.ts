import { MagicError } from './words.js';

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Refuses what a cell could not declare as a variable: `a-b`, `class`. */
export function checkVariableName(name: string): void {
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  if (isName && !isReserved(name)) return;
  throw new MagicError({
    asked: `--var ${name}: that is no name of a variable`,
    ...(isName ? { found: 'a word that TypeScript keeps for itself' } : {}),
    todo: 'write --var results, with any name that `let` takes',
  });
}

/** Asks the parser: which words are reserved depends on where they stand. */
function isReserved(name: string): boolean {
  if (name === 'undefined' || name === 'NaN' || name === 'Infinity') return true;
  try {
    new AsyncFunction(`'use strict'; let ${name};`);
    return false;
  } catch {
    return true;
  }
}
