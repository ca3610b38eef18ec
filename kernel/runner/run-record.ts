import { dirname } from 'node:path';
import { isReplaceable, sourceRevision } from '../../src/index.js';
import type { Notebook } from './ipynb/notebook.js';
import { writeNotebook } from './ipynb/write.js';
import type { RunFacts } from './report/facts.js';
import { machineFacts } from './run-facts.js';
import type { RunnerKernel } from './runner-kernel.js';

export interface RunRecordOptions {
  /** Absolute path of what is run. */
  source: string;
  output?: string;
  keeper: string;
  parameters: Record<string, unknown>;
  /** URL of the Jupyter server. */
  server?: string;
  warn(message: string): void;
}

/** The executed notebook as a file: it says what the run was, and is written again after every cell, so that a killed run loses little. */
export class RunRecord {
  readonly #notebook: Notebook;
  readonly #options: RunRecordOptions;
  readonly #facts: Omit<RunFacts, 'status' | 'ended'>;
  /** Whether the file can be written while the run goes on. */
  readonly #again: boolean;
  #complained = false;

  static async begin(
    notebook: Notebook,
    session: RunnerKernel,
    options: RunRecordOptions,
  ): Promise<RunRecord> {
    const started = new Date();
    const [machine, git, again] = await Promise.all([
      machineFacts(session.info),
      sourceRevision(dirname(options.source)),
      options.output === undefined ? false : isReplaceable(options.output),
    ]);
    const { source, parameters, server, keeper } = options;
    const facts = {
      notebook: source,
      keeper,
      started: started.toISOString(),
      ...machine,
      ...(Object.keys(parameters).length ? { parameters } : {}),
      ...(git ? { git } : {}),
      ...(server ? { server: new URL(server).origin } : {}),
    };
    const record = new RunRecord(notebook, options, facts, again);
    await record.save();
    return record;
  }

  private constructor(
    notebook: Notebook,
    options: RunRecordOptions,
    facts: Omit<RunFacts, 'status' | 'ended'>,
    again: boolean,
  ) {
    this.#notebook = notebook;
    this.#options = options;
    this.#facts = facts;
    this.#again = again;
  }

  /** While the run goes on. A disk that is full now may not be so at the end: the run goes on. */
  async save(): Promise<void> {
    this.#describe('running');
    if (!this.#again) return;
    await writeNotebook(this.#options.output!, this.#notebook, { keep: false }).catch((error: Error) => {
      if (!this.#complained) this.#options.warn(error.message);
      this.#complained = true;
    });
  }

  /** At its end; throws when it cannot be written. */
  async finish(status: RunFacts['status']): Promise<void> {
    this.#describe(status);
    if (this.#again) await writeNotebook(this.#options.output!, this.#notebook);
  }

  /** When all output is there: the kernel is gone. */
  async close(): Promise<void> {
    if (this.#options.output) await writeNotebook(this.#options.output, this.#notebook);
  }

  #describe(status: RunFacts['status']): void {
    const [notebook, options, facts] = [this.#notebook, this.#options, this.#facts];
    const ended = new Date();
    notebook.metadata.nxc = { ...facts, status, ended: ended.toISOString() } satisfies RunFacts;
    // Tools that collect results of papermill runs read these names.
    notebook.metadata.papermill = {
      parameters: options.parameters,
      input_path: options.source,
      output_path: options.output ?? null,
      start_time: facts.started,
      end_time: status === 'running' ? null : ended.toISOString(),
      duration: status === 'running' ? null : (ended.getTime() - Date.parse(facts.started)) / 1000,
      exception: status === 'error' || status === 'interrupted' ? true : null,
      version: `nxc ${facts.versions.nxc}`,
    };
  }
}
