import { setImmediate } from 'node:timers/promises';
import { toRpcError } from '../../src/client.js';
import type { CellOutput, Completeness, Completion, MimeData } from '../session/interpreter.js';
import { completeFromProperties } from './completion.js';
import type { Outcome, Source, TypeScript, TypeScriptOptions } from './evaluator.js';
import { EvaluatorProcess } from './evaluator-process.js';
import { explained } from './inspection.js';
import { LanguageProcess } from './language-process.js';
import { failure, type PropertyName, type ToChild, type ToFront } from './messages.js';
import { nameAround } from './names.js';
import { typeError } from './type-error.js';

/** Milliseconds after which an interrupt turns to what a cell waits for, and after which it gives the evaluator up. */
const PROGRAMS_AFTER = 180;
const KILL_AFTER = 1000;
/** Milliseconds after which a look at a variable is given up: the evaluator is busy with a cell. */
const LOOK_WITHIN = 300;

interface Running {
  settle(outcome: Outcome): void;
  interrupted: boolean;
}

/** Runs cells in an evaluator child, and starts a new one when that is gone. */
export class TypeScriptCells implements TypeScript {
  #process: EvaluatorProcess | undefined;
  #closed = false;
  #ready = false;
  #lastId = 0;
  readonly #running = new Map<number, Running>();
  readonly #looks = new Map<number, (seen: unknown) => void>();
  readonly #calls = new Map<number, AbortController>();
  readonly #outputs = new Map<string, CellOutput>();
  #lastOutput: CellOutput | undefined;
  readonly #language: LanguageProcess;
  #typecheck = false;
  #drawing: Promise<void> | undefined;
  readonly #notifications = new Map<string, unknown>();

  constructor(readonly options: TypeScriptOptions) {
    this.#language = new LanguageProcess(options.cwd);
    this.#start();
  }

  async run({ cellId, executionCount, code, firstLine, output, signal }: Source): Promise<Outcome> {
    this.#outputs.set(cellId, output);
    this.#lastOutput = output;
    const wrong = this.#typecheck ? await abortable(this.#language.diagnose(code), signal) : undefined;
    if (wrong?.length) return { ok: false, error: typeError({ code, executionCount, firstLine }, wrong) };
    const cell = { cellId, executionCount, firstLine, code };
    const outcome = await this.#request(id => ({ type: 'run', id, cell }), signal);
    if (outcome.ok) this.#language.learn(code);
    return outcome;
  }

  evaluate(expression: string): Promise<Outcome> {
    return this.#request(id => ({ type: 'evaluate', id, expression }));
  }

  async bind(name: string, value: unknown): Promise<void> {
    const outcome = await this.evaluate(
      `let ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value ?? null))})`,
    );
    if (!outcome.ok) throw new Error(`${name} cannot be set: ${outcome.error.evalue}`);
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const typed = await this.#language.ask('complete', { code, cursor });
    if (typed?.matches.length) return typed;
    return completeFromProperties(
      code,
      cursor,
      async expression =>
        (await this.#look<PropertyName[]>(id => ({
          type: 'properties',
          id,
          ...(expression === undefined ? {} : { expression }),
        }))) ?? [],
    );
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeData | undefined> {
    const explanation = await this.#language.ask('inspect', { code, cursor });
    if (explanation) return explained(explanation, detail);
    const name = nameAround(code, cursor);
    const text =
      name && (await this.#look<string | null>(id => ({ type: 'describe', id, expression: name })));
    return text ? { 'text/plain': text } : undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completeness } = await import('./completeness.js');
    return completeness(code);
  }

  typecheck(on: boolean): void {
    this.#typecheck = on;
  }

  declare(declarations: string): void {
    this.#language.declare(declarations);
  }

  notify(method: string, params: unknown): void {
    const earlier = this.#notifications.get(method);
    this.#notifications.set(method, method === 'env' ? { ...Object(earlier), ...Object(params) } : params);
    this.#process?.send({ type: 'notify', method, params });
    if (method === 'cwd') this.#language.moveTo(String(params));
  }

  async interrupt(): Promise<void> {
    await Promise.all([...this.#running.keys()].map(id => this.#interrupt(id)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#language.close();
    const gone = this.#process && new Promise<void>(resolve => (this.#onGone = resolve));
    this.#process?.kill();
    await gone;
  }
  #onGone = () => {};

  #start(): EvaluatorProcess {
    this.#ready = false;
    const started = new EvaluatorProcess(this.options, {
      message: message => this.#receive(message),
      raw: (name, text) => this.#lastOutput?.stream(name, text),
      gone: how => this.#gone(how),
    });
    this.#process = started;
    for (const [method, params] of this.#notifications) started.send({ type: 'notify', method, params });
    return started;
  }

  async #request(message: (id: number) => ToChild, signal?: AbortSignal): Promise<Outcome> {
    const id = ++this.#lastId;
    const interrupt = () => void this.#interrupt(id);
    const outcome = await new Promise<Outcome>(settle => {
      this.#running.set(id, { settle, interrupted: false });
      (this.#process ?? this.#start()).send(message(id));
      if (signal?.aborted) interrupt();
      signal?.addEventListener('abort', interrupt, { once: true });
    });
    signal?.removeEventListener('abort', interrupt);
    // What programs wrote to inherited descriptors before the cell ended lies in other pipes than the outcome did.
    await setImmediate();
    await setImmediate();
    return outcome.ok && outcome.value ? { ok: true, value: await this.#enriched(outcome.value) } : outcome;
  }

  /** A representation that cannot be made is left out: the value has others. */
  async #enriched(data: MimeData): Promise<MimeData> {
    return this.options.enrich ? this.options.enrich(data).catch(() => data) : data;
  }

  /** Acts at once, or after what is still being drawn: outputs keep their order, and a cell ends with its last one. */
  #inOrder(action: () => void | Promise<void>): void {
    const drawn = this.#drawing ? this.#drawing.then(action) : action();
    if (!drawn) return;
    this.#drawing = drawn;
    void drawn.finally(() => {
      if (this.#drawing === drawn) this.#drawing = undefined;
    });
  }

  async #interrupt(id: number): Promise<void> {
    const one = this.#running.get(id);
    if (!one || one.interrupted) return;
    one.interrupted = true;
    const interrupted = this.#process;
    interrupted?.interrupt(id);
    const stillRuns = () => this.#running.has(id) && this.#process === interrupted;
    setTimeout(() => stillRuns() && interrupted?.interruptPrograms(), PROGRAMS_AFTER);
    setTimeout(() => stillRuns() && interrupted?.kill(), KILL_AFTER).unref();
  }

  #gone(how: string): void {
    this.#process = undefined;
    this.#onGone();
    for (const call of this.#calls.values()) call.abort();
    this.#calls.clear();
    for (const seen of this.#looks.values()) seen(undefined);
    this.#looks.clear();
    const news = this.#closed ? '' : '; a new one was started, and the variables of earlier cells are gone';
    const stopped = `interrupted: the code could not be stopped alone, so the TypeScript evaluator ${how}${news}`;
    const running = [...this.#running.values()];
    this.#running.clear();
    // One that dies before it is ready would die again at once: the next cell tries it, and shows why.
    if (!this.#closed && this.#ready) this.#start();
    for (const { settle, interrupted } of running) {
      if (interrupted) settle(failure('InterruptedError', stopped));
      else settle(failure('EvaluatorExited', `the TypeScript evaluator ${how}${news}`));
    }
    if (!running.length && !this.#closed)
      this.#lastOutput?.stream('stderr', `The TypeScript evaluator ${how}${news}.\n`);
  }

  #receive(message: ToFront): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        break;
      case 'outcome':
        this.#inOrder(() => this.#settle(message.id, message.outcome));
        break;
      case 'properties':
        this.#seen(message.id, message.names);
        break;
      case 'description':
        this.#seen(message.id, message.text);
        break;
      case 'cancel':
        this.#calls.get(message.id)?.abort();
        this.#calls.delete(message.id);
        break;
      case 'request':
        void this.#answer(message.id, signal => this.#call(message, signal));
        break;
      case 'input':
        void this.#answer(message.id, signal => this.#ask(message, signal));
        break;
      default:
        this.#inOrder(() => this.#show(message));
    }
  }

  #settle(id: number, outcome: Outcome): void {
    const one = this.#running.get(id);
    this.#running.delete(id);
    // An interrupted program makes its cell fail with an error about the program.
    one?.settle(one.interrupted && !outcome.ok ? failure('InterruptedError', 'interrupted') : outcome);
  }

  #show(message: Extract<ToFront, { type: 'stream' | 'display' | 'clear' }>): void | Promise<void> {
    const output = this.#outputOf(message.cellId);
    if (message.type === 'stream') output?.stream(message.name, message.text);
    else if (message.type === 'clear') output?.clear(message.wait);
    else return this.#display(output, message);
  }

  async #display(
    output: CellOutput | undefined,
    message: Extract<ToFront, { type: 'display' }>,
  ): Promise<void> {
    const { metadata, displayId, update } = message;
    const data = await this.#enriched(message.data);
    output?.display(data, {
      ...(metadata ? { metadata } : {}),
      ...(displayId === undefined ? {} : { displayId }),
      ...(update ? { update } : {}),
    });
  }

  #outputOf(cellId: string | undefined): CellOutput | undefined {
    return (cellId === undefined ? undefined : this.#outputs.get(cellId)) ?? this.#lastOutput;
  }

  #call(
    { method, params, cellId }: Extract<ToFront, { type: 'request' }>,
    signal: AbortSignal,
  ): Promise<unknown> {
    return this.options.rpc(method, params, { signal, ...(cellId === undefined ? {} : { cellId }) });
  }

  #ask(
    { cellId, prompt, password }: Extract<ToFront, { type: 'input' }>,
    signal: AbortSignal,
  ): Promise<string> {
    const output = this.#outputOf(cellId);
    if (!output) throw new Error('no cell is there to ask');
    return output.input(prompt, { password, signal });
  }

  async #answer(id: number, serve: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    this.#calls.set(id, controller);
    const asking = this.#process;
    const answer = await Promise.resolve()
      .then(() => serve(controller.signal))
      .then(
        value => ({ value }),
        error => ({ error: toRpcError(error) }),
      );
    if (this.#process !== asking || !this.#calls.delete(id)) return;
    asking?.send({ type: 'answer', id, ...answer });
  }

  /** What variables hold, as far as the evaluator can tell without running code. */
  #look<Seen>(question: (id: number) => ToChild): Promise<Seen | undefined> {
    const id = ++this.#lastId;
    return new Promise(resolve => {
      const patience = setTimeout(() => this.#seen(id, undefined), LOOK_WITHIN);
      this.#looks.set(id, seen => {
        clearTimeout(patience);
        resolve(seen as Seen | undefined);
      });
      if (this.#process) this.#process.send(question(id));
      else this.#seen(id, undefined);
    });
  }

  #seen(id: number, seen: unknown): void {
    this.#looks.get(id)?.(seen);
    this.#looks.delete(id);
  }
}

/** Undefined when the signal comes first. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
