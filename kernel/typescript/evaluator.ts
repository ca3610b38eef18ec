import type { Notifications, RpcClient, RpcHandler, WorkspaceChange } from '../../src/client.js';
import type { CellError, CellOutput, Completeness, Completion, MimeData } from '../session/interpreter.js';

/** A piece of TypeScript of one cell. */
export interface Source {
  /** Message id of the cell, for output that comes late. */
  cellId: string;
  executionCount: number;
  code: string;
  /** Line of the cell on which `code` begins, from 0 (magics may stand before it). */
  firstLine: number;
  output: CellOutput;
  signal: AbortSignal;
}

export type Outcome = { ok: true; value: MimeData | undefined } | { ok: false; error: CellError };

/** TypeScript cells, whatever process they run in. */
export interface TypeScript {
  /** Runs it; `value` is the last expression's rich representation, undefined for statements and `undefined`. */
  run(source: Source): Promise<Outcome>;
  /** Rich representation of an expression, for user_expressions. */
  evaluate(expression: string): Promise<Outcome>;
  /** Sets a variable of the user's scope (for `--var`). */
  bind(name: string, value: unknown): Promise<void>;
  complete(code: string, cursor: number): Promise<Completion>;
  /** What is known of the name at the cursor, or of the function in whose arguments it is; with `until` it waits for types. */
  inspect(code: string, cursor: number, detail: 0 | 1, until?: AbortSignal): Promise<MimeData | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** `%typecheck on`: diagnostics as a cell error before it runs. */
  typecheck(on: boolean): void;
  /** Ambient declarations (d.ts text) of the globals, for completion; may change when a deployment starts. */
  declare(declarations: string): void;
  /**
   * Sends the evaluator a notification: `globals` tells the driver client which machines exist, `cwd` (a path) and `env`
   * (name → value, null removes) change its process. A new evaluator starts with all that was changed, here or by code of cells.
   */
  notify(method: string, params: unknown): void;
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

export interface TypeScriptOptions {
  /** Where imports and relative paths of cells start: the notebook's directory. The notification `cwd` changes it. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Code of a cell changed the working directory or the environment: `process.chdir`, `process.env.A = 'b'`. */
  changed?(change: WorkspaceChange): void;
  /** Serves calls that cells make; `call.cellId` is the cell. */
  rpc: RpcHandler;
  /** Path of a CommonJS module whose default export is a `Preload`. */
  preload?: string;
  /** Adds representations that only the front can make (a PNG of a plot). */
  enrich?(data: MimeData): Promise<MimeData>;
}

/** Adds globals to the evaluator child: given its global object, calls of the front, and notifications of the front. */
export type Preload = (target: object, rpc: RpcClient, notifications: Notifications) => void;
