import { NxcError } from '../../src/index.js';
import type { JsonObject } from './ipynb/notebook.js';

/** The kernel could not be started, or is gone. */
export class KernelError extends NxcError {}

/** A message of the kernel's iopub channel. */
export interface IopubMessage {
  type: string;
  content: JsonObject;
  /** ISO 8601, of the kernel's clock. */
  date: string;
}

export type Ask = (prompt: string, password: boolean) => Promise<string>;

export interface CellListener {
  /** Also called for output that comes after the cell has finished. */
  onMessage(message: IopubMessage): void;
  /** Answers the cell's questions; without it the kernel is told that nobody can. */
  ask?: Ask;
  /** Shows nothing and has no number. */
  silent?: boolean;
}

/** Content of an execute_reply. */
export interface CellReply extends JsonObject {
  status: string;
}

/** A kernel that was started for one run: a process of our own or one behind a Jupyter server. */
export interface RunnerKernel {
  /** Content of the kernel_info_reply. */
  readonly info: JsonObject;
  /** Resolves when the reply and all output up to `idle` are here; rejects with KernelError when the kernel is gone. */
  execute(code: string, listener: CellListener): Promise<CellReply>;
  interrupt(): Promise<void>;
  /**
   * Shuts the kernel down and removes every trace of it; never rejects for a kernel that is gone already. With `keep`, what it
   * started goes on.
   */
  close(options?: { keep?: boolean }): Promise<void>;
}
