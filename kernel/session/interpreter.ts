/** What the session runs cells with. The session knows Jupyter; an interpreter knows what a cell means. */
export interface CellOutput {
  stream(name: 'stdout' | 'stderr', text: string): void;
  display(data: MimeData, options?: { metadata?: JsonObject; displayId?: string; update?: boolean }): void;
  result(data: MimeData, metadata?: JsonObject): void;
  clear(wait: boolean): void;
  /** stdin; rejects at once where the front-end allows none. */
  input(prompt: string, options?: { password?: boolean; signal?: AbortSignal }): Promise<string>;
}

export type JsonObject = Record<string, unknown>;
export type MimeData = { 'text/plain': string } & JsonObject;

/** One execute_request. Output may still be written after `execute` has settled: it goes to this cell. */
export interface Cell {
  /** msg_id of the execute_request. */
  id: string;
  code: string;
  /** The N of In[N]. */
  executionCount: number;
  silent: boolean;
  output: CellOutput;
  /** Aborted by an interrupt. */
  signal: AbortSignal;
}

export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface Completion {
  matches: string[];
  /** UTF-16 offsets; the session converts from and to code points. */
  start: number;
  end: number;
  types?: Array<{ text: string; type: string; signature?: string }>;
}

export type Completeness =
  | { status: 'complete' | 'invalid' | 'unknown' }
  | { status: 'incomplete'; indent: string };

export interface Interpreter {
  /** Never rejects for an error in the user's code; returns undefined when the cell succeeded. */
  execute(cell: Cell): Promise<CellError | undefined>;
  /** Values of user_expressions after a successful cell. */
  evaluate(expression: string): Promise<{ data: MimeData; metadata: JsonObject } | CellError>;
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeData | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** Stops what runs at once; the session has aborted the cell's signal already. */
  interrupt(): Promise<void>;
  /** restart: another kernel follows, deployments stay; otherwise what this kernel started is stopped. */
  shutdown(restart: boolean): Promise<void>;
}
