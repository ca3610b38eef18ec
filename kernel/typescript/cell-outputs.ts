import { Remembered } from '../remembered.js';
import type { CellOutput, MimeData } from '../session/interpreter.js';
import type { TypeScriptOptions } from './evaluator.js';
import type { ToFront } from './messages.js';

type Shown = Extract<ToFront, { type: 'stream' | 'display' | 'clear' }>;

/** Where what the evaluator shows goes: to the cell that it comes from, or else to the last one, in the order it came. */
export class CellOutputs {
  readonly #outputs = new Remembered<CellOutput>();
  #last: CellOutput | undefined;
  #drawing: Promise<void> | undefined;

  constructor(private readonly enrich: TypeScriptOptions['enrich']) {}

  add(cellId: string, output: CellOutput): void {
    this.#outputs.set(cellId, output);
    this.#last = output;
  }

  of(cellId: string | undefined): CellOutput | undefined {
    return (cellId === undefined ? undefined : this.#outputs.get(cellId)) ?? this.#last;
  }

  show(message: Shown): void {
    const output = this.of(message.cellId);
    this.inOrder(() => {
      if (message.type === 'stream') output?.stream(message.name, message.text);
      else if (message.type === 'clear') output?.clear(message.wait);
      else return this.#display(output, message);
    });
  }

  /** Acts at once, or after what is still being drawn: outputs keep their order, and a cell ends with its last one. */
  inOrder(action: () => void | Promise<void>): void {
    const drawn = this.#drawing ? this.#drawing.then(action) : action();
    if (!drawn) return;
    this.#drawing = drawn;
    void drawn.finally(() => {
      if (this.#drawing === drawn) this.#drawing = undefined;
    });
  }

  /** A representation that cannot be made is left out, as the value has others; its cell says why. */
  async enriched(data: MimeData, output: CellOutput | undefined): Promise<MimeData> {
    try {
      return this.enrich ? await this.enrich(data) : data;
    } catch (error) {
      output?.stream('stderr', `${(error as Error).message}\n`);
      return data;
    }
  }

  async #display(
    output: CellOutput | undefined,
    message: Extract<Shown, { type: 'display' }>,
  ): Promise<void> {
    const { metadata, displayId, update } = message;
    const data = await this.enriched(message.data, output);
    output?.display(data, {
      ...(metadata ? { metadata } : {}),
      ...(displayId === undefined ? {} : { displayId }),
      ...(update ? { update } : {}),
    });
  }
}
