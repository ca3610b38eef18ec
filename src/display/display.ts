/** Where commands show what they do: the Display that they know, what can be shown (bundle.ts, table.ts), and the terminal. */
import type { Renderable } from './bundle.js';

/** What was shown and can be replaced in place. */
export interface Shown {
  update(content: Renderable): void;
}

/**
 * Where a command shows what it does: a notebook cell (kernel/cells/notebook-display.ts), a terminal (src/display/terminal.ts), or
 * the prompt that has the terminal (src/commands/prompt). Calls return at once and keep their order.
 */
export interface Display {
  /** Plain output, as a program writes it; may hold ANSI colours. */
  write(text: string, stream?: 'stdout' | 'stderr'): void;
  /** Output of a program that need not be text, byte by byte; absent where only text can be shown. */
  writeBytes?(bytes: Uint8Array, stream?: 'stdout' | 'stderr'): void;
  /** Shows a value richly. Updates are throttled to 10 Hz by the display; the last one always arrives. */
  show(content: Renderable): Shown;
  /** Asks the person a question; rejects with NxcError where nobody can answer. */
  ask(prompt: string, options?: { password?: boolean; signal?: AbortSignal }): Promise<string>;
}
