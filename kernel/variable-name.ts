const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Why a cell could not declare a variable of that name (`a-b`, `class`); undefined when it can. */
export function variableNameFault(name: string): string | undefined {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    return 'names hold letters, digits, _ and $, and begin with no digit';
  return isReserved(name) ? 'a word that TypeScript keeps for itself' : undefined;
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
