import type { TypeScript, TypeScriptOptions } from './evaluator.js';
import { TypeScriptCells } from './typescript-cells.js';

// TypeScript cells. Their code runs in an evaluator child (`child/`), and is understood for completion and the like in
// a language process (`language/`); this side starts both, speaks with them, and outlives them.

export type { Outcome, TypeScript, TypeScriptOptions } from './evaluator.js';

/** Starts the evaluator; cells may be run at once. */
export function createTypeScript(options: TypeScriptOptions): TypeScript {
  return new TypeScriptCells(options);
}
