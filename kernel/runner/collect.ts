import type { CodeCell, ErrorOutput, JsonObject, MimeData, Output, RichOutput } from './ipynb/notebook.js';
import type { IopubMessage } from './runner-kernel.js';

/** Puts what a kernel says into the notebook, with the rules of https://jupyter-client.readthedocs.io/en/stable/messaging.html */
export class OutputCollector {
  /** Outputs by display id: an update reaches every copy, in whatever cell. */
  readonly #displays = new Map<string, RichOutput[]>();
  /** Cells whose outputs go away when the next one comes. */
  readonly #clearing = new Set<CodeCell>();

  /** For these cells, which lose what an earlier run left. */
  constructor(cells: readonly CodeCell[]) {
    for (const cell of cells) {
      cell.outputs = [];
      cell.execution_count = null;
      delete cell.metadata.execution;
    }
  }

  receive(cell: CodeCell, { type, content, date }: IopubMessage): void {
    switch (type) {
      case 'status':
        this.#time(cell, `iopub.status.${content.execution_state}`, date);
        break;
      case 'execute_input':
        this.#time(cell, 'iopub.execute_input', date);
        cell.execution_count = Number(content.execution_count);
        break;
      case 'stream':
        this.#stream(cell, content.name === 'stderr' ? 'stderr' : 'stdout', String(content.text ?? ''));
        break;
      case 'display_data':
      case 'execute_result':
        this.#rich(cell, type, content);
        break;
      case 'update_display_data':
        for (const output of this.#displays.get(displayId(content) ?? '') ?? []) {
          Object.assign(output, { data: content.data ?? {}, metadata: content.metadata ?? {} });
        }
        break;
      case 'error':
        this.#add(cell, errorOutput(content));
        break;
      case 'clear_output':
        if (content.wait === true) this.#clearing.add(cell);
        else this.#clear(cell);
        break;
    }
  }

  /** Also the time of the reply, which comes on another channel. */
  replied(cell: CodeCell, date: string): void {
    this.#time(cell, 'shell.execute_reply', date);
  }

  #time(cell: CodeCell, event: string, date: string): void {
    cell.metadata.execution = { ...(cell.metadata.execution as JsonObject | undefined), [event]: date };
  }

  #stream(cell: CodeCell, name: 'stdout' | 'stderr', text: string): void {
    const last = this.#clearing.has(cell) ? undefined : cell.outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) last.text += text;
    else this.#add(cell, { output_type: 'stream', name, text });
  }

  #rich(cell: CodeCell, type: RichOutput['output_type'], content: JsonObject): void {
    const output: RichOutput = {
      output_type: type,
      data: (content.data ?? {}) as MimeData,
      metadata: (content.metadata ?? {}) as JsonObject,
      ...(type === 'execute_result' ? { execution_count: Number(content.execution_count) } : {}),
    };
    const id = displayId(content);
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
    this.#add(cell, output);
  }

  #add(cell: CodeCell, output: Output): void {
    if (this.#clearing.has(cell)) this.#clear(cell);
    cell.outputs.push(output);
  }

  #clear(cell: CodeCell): void {
    this.#clearing.delete(cell);
    cell.outputs = [];
  }
}

/** From the content of an `error` message or of a failed reply. */
export function errorOutput({ ename, evalue, traceback }: JsonObject): ErrorOutput {
  return {
    output_type: 'error',
    ename: String(ename ?? 'Error'),
    evalue: String(evalue ?? ''),
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  };
}

function displayId(content: JsonObject): string | undefined {
  const id = (content.transient as JsonObject | undefined)?.display_id;
  return typeof id === 'string' ? id : undefined;
}
