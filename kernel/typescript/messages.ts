import { StringDecoder } from 'node:string_decoder';
import type { WorkspaceChange } from '../../src/client.js';
import type { CellError, JsonObject, MimeData } from '../session/interpreter.js';
import type { Outcome } from './evaluator.js';

/** File descriptors of the evaluator child, beside its own 0–2. Each carries one JSON message a line, one way. */
export const channels = {
  /** Child → front. Written synchronously, so nothing is lost when the child dies and a flood of output waits for its reader. */
  outgoing: 3,
  /** Front → child. */
  incoming: 4,
  /** Front → the child's watchdog thread, which reads also while the child's code loops. */
  watchdog: 5,
  /** Front → child: of each message with a `turn` that, when it has been dealt with, as 4 bytes, little end first. Read synchronously. */
  turns: 6,
} as const;

/** What the front tells the evaluator child. `id` is the number of the request that is answered. */
export type ToChild =
  | { type: 'run'; id: number; cell: CellText }
  | { type: 'evaluate'; id: number; expression: string }
  | { type: 'properties'; id: number; expression?: string }
  | { type: 'describe'; id: number; expression: string }
  | { type: 'interrupt'; turn: number; id?: number }
  /** `value` is encoded, as everything of the user's is that goes from process to process (src/codec.ts). */
  | { type: 'bind'; id: number; name: string; value: string }
  /** An encoded answer (src/rpc.ts). */
  | { type: 'answer'; id: number; answer: string }
  | { type: 'notify'; method: string; params: unknown }
  /** The kernel ends, and lets code of cells do so in order. */
  | { type: 'end' };

export interface CellText {
  cellId: string;
  executionCount: number;
  firstLine: number;
  code: string;
}

export interface Stream {
  type: 'stream';
  cellId?: string;
  name: 'stdout' | 'stderr';
  text: string;
}

/** What the evaluator child tells the front. Each carries its `sequence` number, from 0. */
export type ToFront =
  | { type: 'ready' }
  /** It heard that it shall end, and does. */
  | { type: 'ending' }
  | Stream
  | {
      type: 'display';
      cellId?: string;
      data: MimeData;
      metadata?: JsonObject;
      displayId?: string;
      update?: boolean;
    }
  | { type: 'clear'; cellId?: string; wait: boolean }
  | { type: 'outcome'; id: number; outcome: Outcome }
  | { type: 'properties'; id: number; names: PropertyName[] }
  | { type: 'description'; id: number; text: string | null }
  /** `params` are encoded. */
  | { type: 'request'; id: number; cellId?: string; method: string; params: string }
  | { type: 'input'; id: number; cellId?: string; prompt: string; password: boolean }
  | { type: 'cancel'; id: number }
  /** Code changed the environment or the working directory of its process. */
  | { type: 'workspace'; change: WorkspaceChange }
  /** Programs of the cell are about to write to FIFOs in this folder (`src/process/output-fifos.ts`). */
  | { type: 'programs'; turn: number; cellId: string; folder: string }
  /** A program that was waited for has ended. */
  | { type: 'drain'; turn: number };

export interface PropertyName {
  name: string;
  /** `function`, `class`, `const`, `property`: what a completion shows beside the name. */
  type: string;
}

export function failure(
  ename: string,
  evalue: string,
  traceback?: string[],
): { ok: false; error: CellError } {
  return { ok: false, error: { ename, evalue, traceback: traceback ?? [`${ename}: ${evalue}`] } };
}

/** Turns a stream of bytes into messages. A line that is no JSON was broken off by an interrupt, and comes again (`child/channel.ts`). */
export function messageReader<Message>(receive: (message: Message) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let pending: string[] = [];
  return chunk => {
    const lines = decoder.write(chunk).split('\n');
    const rest = lines.pop()!;
    for (const line of lines) {
      pending.push(line);
      const text = pending.join('');
      pending = [];
      const message = text ? parse<Message>(text) : undefined;
      if (message !== undefined) receive(message);
    }
    if (rest) pending.push(rest);
  };
}

function parse<Message>(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}
