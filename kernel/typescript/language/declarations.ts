/** A module that makes ambient declarations (d.ts text) global, beside those of every cell. */
export function globalDeclarations(declarations: string): string {
  // What stands in `declare global` is declared already.
  return `declare global {\n${runtime}\n${declarations}\n}`.replaceAll(/^declare (?!global)/gm, '');
}

/** What `child/runtime.ts` defines. */
const runtime = `
interface DisplayOptions {
  /** Names what is shown, so that update can replace it. */
  id?: string;
  metadata?: Record<string, unknown>;
}
interface DisplayHandle { readonly id: string; update(value: unknown): Promise<void> }
interface Display {
  /** Shows a value, or a MIME bundle, in this cell. */
  (value: unknown, options?: DisplayOptions): Promise<DisplayHandle>;
  html(html: string, options?: DisplayOptions): Promise<DisplayHandle>;
  markdown(markdown: string, options?: DisplayOptions): Promise<DisplayHandle>;
  latex(latex: string, options?: DisplayOptions): Promise<DisplayHandle>;
  json(value: unknown, options?: DisplayOptions): Promise<DisplayHandle>;
  svg(svg: string, options?: DisplayOptions): Promise<DisplayHandle>;
  png(png: Uint8Array | string, options?: DisplayOptions): Promise<DisplayHandle>;
  jpeg(jpeg: Uint8Array | string, options?: DisplayOptions): Promise<DisplayHandle>;
  javascript(code: string, options?: DisplayOptions): Promise<DisplayHandle>;
  vegalite(spec: object, options?: DisplayOptions): Promise<DisplayHandle>;
}
declare var display: Display;
/** Replaces what was shown under this id, in whichever cell it is. */
declare function update(id: string, value: unknown): Promise<void>;
/** Empties this cell's output; with wait only when the next output comes. */
declare function clearOutput(options?: { wait?: boolean }): void;
interface Input {
  /** Asks the person at the notebook for a line. */
  (prompt?: string): Promise<string>;
  /** The same for what nobody else shall read. */
  password(prompt?: string): Promise<string>;
}
declare var input: Input;
/** Aborted when this cell is interrupted. */
declare var signal: AbortSignal;
interface SymbolConstructor { readonly dispose: unique symbol; readonly asyncDispose: unique symbol }
`;
