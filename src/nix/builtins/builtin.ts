import type { AttrSet } from '../attrs.js';
import type { Evaluation } from '../evaluation.js';
import type { Files } from '../files.js';
import type { Store } from '../store.js';
import type { Lazy, PrimopFunction, Value } from '../value.js';

/** What builtins work with. */
export interface Workshop {
  readonly evaluation: Evaluation;
  readonly files: Files;
  readonly store: Store;
  /** Evaluates a file; with `scope`, its variables come first and the result is not kept. */
  importFile(path: string, scope?: AttrSet): Value;
  /** Where `trace` and `warn` write; one line, without its end. */
  trace(line: string): void;
}

/** Builtins by name. A function takes as many arguments as it declares. */
export type Builtins = Record<string, PrimopFunction | Exclude<Lazy, PrimopFunction>>;
