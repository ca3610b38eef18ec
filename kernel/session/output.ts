import type { Exchange } from './exchange.js';
import type { CellOutput, JsonObject, MimeData } from './interpreter.js';
import type { Stdin } from './stdin.js';

/** Jupyter servers drop output beyond 1,000 messages a second, so lines are gathered. Milliseconds. */
const GATHER = 100;
/** Characters after which gathered text is sent at once. */
const ENOUGH = 1 << 18;

type Stream = 'stdout' | 'stderr';

/** What one cell writes. It keeps its parent for ever: output that comes after the cell has finished still goes to it. */
export class Output implements CellOutput {
  /** Plain text of the result, for the history. */
  resultText: string | undefined;
  #pending: { name: Stream; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly cell: { executionCount: number; silent: boolean; signal: AbortSignal },
    private readonly stdin: Stdin,
  ) {}

  stream(name: Stream, text: string): void {
    if (text === '') return;
    if (this.#pending?.name !== name) this.flush();
    this.#pending ??= { name, text: '' };
    this.#pending.text += text;
    if (this.#pending.text.length >= ENOUGH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER);
  }

  display(
    data: MimeData,
    { metadata = {}, displayId, update = false }: Parameters<CellOutput['display']>[1] = {},
  ): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.#publish(update ? 'update_display_data' : 'display_data', { data, metadata, transient });
  }

  result(data: MimeData, metadata: JsonObject = {}): void {
    if (this.cell.silent) return;
    this.resultText = data['text/plain'];
    this.#publish('execute_result', { execution_count: this.cell.executionCount, data, metadata });
  }

  clear(wait: boolean): void {
    this.#publish('clear_output', { wait });
  }

  input(prompt: string, options: Parameters<CellOutput['input']>[1] = {}): Promise<string> {
    this.flush();
    const signals = [this.cell.signal, ...(options.signal ? [options.signal] : [])];
    return this.stdin.ask(this.exchange, prompt, options.password ?? false, AbortSignal.any(signals));
  }

  /** Sends the gathered text now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#pending) return;
    const gathered = this.#pending;
    this.#pending = undefined;
    this.exchange.publish('stream', gathered);
  }

  #publish(type: string, content: JsonObject): void {
    this.flush();
    this.exchange.publish(type, content);
  }
}
