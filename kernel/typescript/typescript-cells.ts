import { encode, textAt, type WorkspaceChange } from '../../src/client.js';
import { abortable } from '../abortable.js';
import type { CellOutput, Completeness, Completion, MimeData } from '../session/interpreter.js';
import { CellOutputs } from './cell-outputs.js';
import { completeFromProperties } from './completion.js';
import type { Outcome, Source, TypeScript, TypeScriptOptions } from './evaluator.js';
import { explained } from './inspection.js';
import { LanguageProcess } from './language-process.js';
import { LastingEvaluator } from './lasting-evaluator.js';
import type { PropertyName } from './messages.js';
import { callAround, nameAround } from './names.js';
import { typeError } from './type-error.js';

/** Runs cells in the evaluator, and has the language process understand them. */
export class TypeScriptCells implements TypeScript {
  readonly #outputs: CellOutputs;
  readonly #evaluator: LastingEvaluator;
  readonly #language: LanguageProcess;
  #typecheck = false;

  constructor(options: TypeScriptOptions) {
    this.#outputs = new CellOutputs(options.enrich);
    this.#language = new LanguageProcess(options.cwd);
    const changed = (change: WorkspaceChange) => {
      if (change.cwd !== undefined) this.#language.moveTo(change.cwd);
      options.changed?.(change);
    };
    this.#evaluator = new LastingEvaluator({ ...options, changed }, this.#outputs);
  }

  async run({ cellId, executionCount, code, firstLine, output, signal }: Source): Promise<Outcome> {
    this.#outputs.add(cellId, output);
    const wrong = this.#typecheck ? await abortable(this.#language.diagnose(code), signal) : undefined;
    if (wrong?.length) return { ok: false, error: typeError({ code, executionCount, firstLine }, wrong) };
    const cell = { cellId, executionCount, firstLine, code };
    const outcome = await this.#evaluator.request(id => ({ type: 'run', id, cell }), signal);
    if (outcome.ok) this.#language.learn(code);
    return this.#enriched(outcome, output);
  }

  async evaluate(expression: string): Promise<Outcome> {
    return this.#enriched(await this.#evaluator.request(id => ({ type: 'evaluate', id, expression })));
  }

  async bind(name: string, value: unknown): Promise<void> {
    const encoded = encode(value, name);
    const outcome = await this.#evaluator.request(id => ({ type: 'bind', id, name, value: encoded }));
    if (!outcome.ok) throw new Error(`${name} cannot be set: ${outcome.error.evalue}`);
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const typed = await this.#language.ask('complete', { code, cursor });
    if (typed?.matches.length) return typed;
    if (textAt(code, cursor)) return { matches: [], start: cursor, end: cursor };
    return completeFromProperties(code, cursor, async expression => {
      const of = expression === undefined ? {} : { expression };
      return (await this.#evaluator.look<PropertyName[]>(id => ({ type: 'properties', id, ...of }))) ?? [];
    });
  }

  /** Of the name at the cursor, or else of the call among whose arguments it stands. */
  async inspect(
    code: string,
    cursor: number,
    detail: 0 | 1,
    until?: AbortSignal,
  ): Promise<MimeData | undefined> {
    const found = await this.#inspectName(code, cursor, detail, until);
    const call = found ? undefined : callAround(code, cursor);
    return call === undefined ? found : this.#inspectName(code, call, detail, until);
  }

  async #enriched(outcome: Outcome, output?: CellOutput): Promise<Outcome> {
    if (!outcome.ok || !outcome.value) return outcome;
    return { ok: true, value: await this.#outputs.enriched(outcome.value, output) };
  }

  async #inspectName(
    code: string,
    cursor: number,
    detail: 0 | 1,
    until: AbortSignal | undefined,
  ): Promise<MimeData | undefined> {
    const explanation = await this.#language.ask('inspect', { code, cursor }, until);
    if (explanation) return explained(explanation, detail);
    const expression = nameAround(code, cursor);
    if (!expression) return undefined;
    const text = await this.#evaluator.look<string | null>(id => ({ type: 'describe', id, expression }));
    return text ? { 'text/plain': text } : undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completeness } = await import('./completeness.js');
    return completeness(code);
  }

  typecheck(on: boolean): void {
    this.#typecheck = on;
    // TypeScript takes seconds to start: it does so while the first cell to check is being written.
    if (on) void this.#language.diagnose('');
  }

  declare(declarations: string): void {
    this.#language.declare(declarations);
  }

  notify(method: string, params: unknown): void {
    this.#evaluator.notify(method, params);
    if (method === 'cwd') this.#language.moveTo(String(params));
  }

  async interrupt(): Promise<void> {
    this.#evaluator.interrupt();
  }

  async close(): Promise<void> {
    this.#language.close();
    await this.#evaluator.close();
  }
}
