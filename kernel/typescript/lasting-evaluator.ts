import { setImmediate, setTimeout } from 'node:timers/promises';
import { changeWorkspace } from '../../src/client.js';
import { Calls } from './calls.js';
import type { CellOutputs } from './cell-outputs.js';
import type { Outcome, TypeScriptOptions } from './evaluator.js';
import { EvaluatorProcess } from './evaluator-process.js';
import { Interrupt } from './interrupt.js';
import { LastWords } from './last-words.js';
import { Looks } from './looks.js';
import { failure, type ToChild, type ToFront } from './messages.js';
import { ProgramOutputs } from './program-outputs.js';

/** Milliseconds in which the evaluator must answer when an interrupted cell is over. */
const FREE_WITHIN = 10_000;

/** Milliseconds that code of cells has to end in order when the evaluator is closed; and in which it must begin. */
const END_WITHIN = 3000;
const END_HEARD_WITHIN = 1000;

/** Keeps no process alive. */
const silence = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false });

interface Running {
  settle(outcome: Outcome): void;
  cellId: string | undefined;
  interrupt: Interrupt | undefined;
}

/** An evaluator that is always there: when its process is gone, what it ran fails, and a new one is started. */
export class LastingEvaluator {
  #process: EvaluatorProcess | undefined;
  #ready = false;
  #closed = false;
  #onGone = () => {};
  #onEnding = () => {};
  #lastId = 0;
  readonly #running = new Map<number, Running>();
  readonly #looks = new Looks();
  readonly #calls: Calls;
  readonly #notifications = new Map<string, unknown>();
  /** Where a process that is started later works. */
  readonly #workspace: Pick<TypeScriptOptions, 'cwd' | 'env'>;
  readonly #programs = new ProgramOutputs(message => this.outputs.show(message));

  constructor(
    private readonly options: TypeScriptOptions,
    private readonly outputs: CellOutputs,
  ) {
    this.#calls = new Calls(options.rpc, outputs);
    this.#workspace = { cwd: options.cwd, env: { ...options.env } };
    this.#start();
  }

  async request(message: (id: number) => ToChild, signal?: AbortSignal): Promise<Outcome> {
    // Interrupted before it began: while its types were checked, say.
    if (signal?.aborted) return failure('InterruptedError', 'interrupted');
    const id = ++this.#lastId;
    const interrupt = () => void this.#interrupt(id);
    const outcome = await new Promise<Outcome>(settle => {
      const sent = message(id);
      const cellId = sent.type === 'run' ? sent.cell.cellId : undefined;
      this.#running.set(id, { settle, cellId, interrupt: undefined });
      (this.#process ?? this.#start()).send(sent);
      signal?.addEventListener('abort', interrupt, { once: true });
    });
    signal?.removeEventListener('abort', interrupt);
    // What native code wrote to descriptors before the cell ended lies in other pipes than the outcome did.
    await setImmediate();
    return outcome;
  }

  /** What variables hold, without running code; undefined when it is busy. */
  async look<Seen>(question: (id: number) => ToChild): Promise<Seen | undefined> {
    const asked = this.#process;
    return asked && this.#looks.look<Seen>(question, message => asked.send(message));
  }

  /** Also a process that is started later gets the last one of each method. */
  notify(method: string, params: unknown): void {
    if (method === 'cwd' || method === 'env') changeWorkspace(this.#workspace, { [method]: params });
    else this.#notifications.set(method, params);
    this.#process?.send({ type: 'notify', method, params });
  }

  /** The second one of a cell kills the evaluator. */
  interrupt(): void {
    for (const id of this.#running.keys()) this.#interrupt(id)?.again();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const last = this.#process;
    if (last) {
      const gone = new Promise<void>(resolve => (this.#onGone = resolve));
      const deadline = Date.now() + END_WITHIN;
      // A busy one is not waited for.
      if (this.#ready && this.#running.size === 0) {
        const heard = new Promise<boolean>(resolve => (this.#onEnding = () => resolve(true)));
        last.end();
        if (await Promise.race([heard, gone, silence(END_HEARD_WITHIN)]))
          await Promise.race([gone, silence(END_WITHIN)]);
      }
      last.kill();
      await gone;
      await last.endPrograms(Math.max(0, deadline - Date.now()));
    }
    this.#programs.close();
  }

  #start(): EvaluatorProcess {
    this.#ready = false;
    const lastWords = new LastWords();
    const started = new EvaluatorProcess(
      { ...this.options, ...this.#workspace },
      {
        message: message => this.#receive(message, started),
        raw: (name, text) => {
          const shown = name === 'stderr' ? lastWords.without(text) : text;
          if (shown !== '') this.outputs.of(undefined)?.stream(name, shown);
        },
        gone: how => this.#gone(lastWords.reason(how)),
      },
    );
    this.#process = started;
    for (const [method, params] of this.#notifications) started.send({ type: 'notify', method, params });
    return started;
  }

  #receive(message: ToFront, from: EvaluatorProcess): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        break;
      case 'ending':
        this.#onEnding();
        break;
      case 'outcome':
        this.#programs.drain();
        this.outputs.inOrder(() => this.#settle(message.id, message.outcome));
        break;
      case 'properties':
        this.#looks.seen(message.id, message.names);
        break;
      case 'description':
        this.#looks.seen(message.id, message.text);
        break;
      case 'request':
      case 'input':
        void this.#calls.serve(message, answer => from.send(answer));
        break;
      case 'programs':
        this.#programs.read(message.cellId, message.folder);
        from.finished(message.turn);
        break;
      case 'drain':
        this.#programs.drain();
        from.finished(message.turn);
        break;
      case 'cancel':
        this.#calls.cancel(message.id);
        break;
      case 'workspace':
        changeWorkspace(this.#workspace, message.change);
        this.options.changed?.(message.change);
        break;
      default:
        this.outputs.show(message);
    }
  }

  #interrupt(id: number): Interrupt | undefined {
    const one = this.#running.get(id);
    if (one && this.#process) {
      const say = (text: string) => this.outputs.of(one.cellId)?.stream('stderr', text);
      one.interrupt ??= new Interrupt(this.#process, id, say);
    }
    return one?.interrupt;
  }

  #settle(id: number, outcome: Outcome): void {
    const one = this.#running.get(id);
    this.#running.delete(id);
    one?.interrupt?.over();
    if (one?.interrupt) void this.#endUnlessFree();
    // An interrupted program makes its cell fail with an error about the program.
    one?.settle(one.interrupt && !outcome.ok ? failure('InterruptedError', 'interrupted') : outcome);
  }

  /** Code of an interrupted cell that goes on all the same would keep every later cell from beginning. */
  async #endUnlessFree(): Promise<void> {
    const asked = this.#process;
    const question = (id: number): ToChild => ({ type: 'describe', id, expression: '0' });
    const answer = asked && (await this.#looks.look(question, message => asked.send(message), FREE_WITHIN));
    if (asked && answer === undefined && this.#process === asked)
      asked.kill('was ended, as code of an interrupted cell did not stop');
  }

  #gone(how: string): void {
    this.#process = undefined;
    this.#onGone();
    this.#programs.drain();
    this.#calls.cancelAll();
    this.#looks.giveUp();
    const news = this.#closed ? '' : '; a new one was started, and the variables of earlier cells are gone';
    const stopped = `interrupted; the TypeScript evaluator ${how}${news}`;
    const running = [...this.#running.values()];
    this.#running.clear();
    // One that dies before it is ready would die again at once: the next cell tries it, and shows why.
    if (!this.#closed && this.#ready) this.#start();
    for (const { settle, interrupt } of running) {
      interrupt?.over();
      if (interrupt) settle(failure('InterruptedError', stopped));
      else settle(failure('EvaluatorExited', `the TypeScript evaluator ${how}${news}`));
    }
    if (!running.length && !this.#closed)
      this.outputs.of(undefined)?.stream('stderr', `The TypeScript evaluator ${how}${news}.\n`);
  }
}
