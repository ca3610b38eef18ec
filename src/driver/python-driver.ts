import { setImmediate } from 'node:timers/promises';
import type { Renderable } from '../display/bundle.js';
import type { Display } from '../display/display.js';
import { InterruptedError } from '../errors.js';
import { encodeAnswer, type RpcAnswer, type RpcHandler, toRpcError } from '../rpc.js';
import { sharedController } from '../shared-signal.js';
import type { WorkspaceChange } from '../workspace.js';
import type { MachineDescription } from './driver.js';
import { Interpreter, type Message } from './python/interpreter.js';
import { LimitedOutput } from './python/limited-output.js';
import { tableForPython } from './python/table.js';
import { ScriptValue, type ValueBundle } from './python/value.js';
import { type ScriptFailure, scriptError, TestScriptError } from './script-error.js';

/** How long a script may take to end after SIGINT before its process group is killed and its variables are lost. */
const graceMs = 2000;
/** How long scripts' exit functions may take when the interpreter is closed. */
const endMs = 3000;
/** An editor does not wait longer for completions. */
const questionMs = 2000;

/** Where scripts run: the first of these starts the interpreter. */
export interface ScriptPlace {
  machines: readonly MachineDescription[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface ScriptRun extends ScriptPlace {
  /** What errors call the source: `testScript`, `In[4]`, a path. */
  file: string;
  /** Line of the file on which the source begins, from 0. */
  firstLine?: number;
  /** Serves the script's calls. */
  handle: RpcHandler;
  /** The script changed the working directory or the environment. */
  changed?(change: WorkspaceChange): void;
  display: Display;
  signal: AbortSignal;
}

export interface ScriptOutcome {
  /** 0, or what `sys.exit` said. */
  status: number;
  /** By `sys.exit`. */
  exited: boolean;
  /** Of the last line, when that is an expression. */
  value?: Renderable;
}

export interface ScriptCompletion {
  /** What stands before the cursor and is replaced by a match. */
  word: string;
  matches: Array<{ text: string; type: string; signature?: string }>;
}

type Outcome = { status: number; exited?: boolean; value?: ValueBundle | null } | { failure: ScriptFailure };

interface Running extends ScriptRun {
  /** Of the script's calls that are being served, by id; all of them are aborted when the run is. */
  calls: Map<number, AbortController>;
  finish(outcome: Outcome): void;
  fail(error: Error): void;
}

/**
 * Python test scripts, run by python3 in a child process that keeps their variables from run to run. What scripts call is
 * served by the front.
 */
export class PythonDriver implements AsyncDisposable {
  #interpreter: Promise<Interpreter> | undefined;
  #running: Running | undefined;
  /** Of the last run: what it left running may write later. */
  #output: LimitedOutput | undefined;
  #changed: ScriptRun['changed'];
  /** Serves exit functions: those of the last run, as it was served. */
  #last: ScriptRun['handle'] | undefined;
  #ending = false;
  readonly #questions = new Map<number, (answer: unknown) => void>();
  #lastQuestion = 0;

  /**
   * Runs a source. Throws AssertionFailed, TransportError, TestScriptError or InterruptedError, each with the
   * script's line. One run at a time.
   */
  async run(source: string, run: ScriptRun): Promise<ScriptOutcome> {
    if (run.signal.aborted) throw new InterruptedError();
    if (this.#running) {
      throw new TestScriptError({
        asked: `${run.file} cannot run: test scripts share one interpreter, and ${this.#running.file} still runs in it`,
        todo: 'wait until it has ended, or interrupt it',
      });
    }
    const calls = new Map<number, AbortController>();
    this.#output = new LimitedOutput(run.display, () => void this.#tell('mute', {}));
    this.#changed = run.changed;
    this.#last = run.handle;
    const outcome = new Promise<Outcome>((finish, fail) => {
      this.#running = { ...run, calls, finish, fail };
    });
    let interpreter: Interpreter | undefined;
    let kill: NodeJS.Timeout | undefined;
    const interrupt = () => {
      for (const call of calls.values()) call.abort();
      interpreter?.signal('SIGINT');
      kill = setTimeout(() => interpreter?.signal('SIGKILL'), graceMs);
    };
    try {
      interpreter = await this.#start(run);
      if (run.signal.aborted) throw new InterruptedError();
      run.signal.addEventListener('abort', interrupt);
      const { file, machines, cwd, env, firstLine = 0 } = run;
      // That of this process is an object of a kind of its own.
      const variables = { ...env };
      const params = { source: '\n'.repeat(firstLine) + source, file, machines, cwd, env: variables };
      interpreter.hold(true);
      interpreter.send({ id: 0, method: 'run', params });
      const end = await outcome;
      await arrived();
      if ('failure' in end) throw scriptError(end.failure);
      const { status, exited = false, value } = end;
      return { status, exited, ...(value ? { value: new ScriptValue(value) } : {}) };
    } finally {
      this.#running = undefined;
      interpreter?.hold(false);
      clearTimeout(kill);
      run.signal.removeEventListener('abort', interrupt);
    }
  }

  /** What may stand at the cursor: `before` is the code up to it, `after` the code behind it. */
  async complete(before: string, after: string, place: ScriptPlace): Promise<ScriptCompletion> {
    const found = await this.#ask('complete', { text: before, rest: after }, place);
    return (found as ScriptCompletion | null | undefined) ?? { word: '', matches: [] };
  }

  /** What is known of the name at the cursor, as text. */
  async inspect(before: string, after: string, place: ScriptPlace): Promise<string | undefined> {
    const found = await this.#ask('inspect', { text: before, rest: after }, place);
    return (found as string | null | undefined) ?? undefined;
  }

  /** Whether a prompt should ask for more lines. */
  async isComplete(text: string, place: ScriptPlace): Promise<boolean> {
    return (await this.#ask('completeness', { text }, place)) !== 'incomplete';
  }

  /** Ends the interpreter, after what its scripts registered with atexit, and what they started. */
  async close(): Promise<void> {
    // One that could not be started has told so to who wanted it.
    const interpreter = await this.#interpreter?.catch(() => undefined);
    if (!interpreter) return;
    const { calls } = this.#running ?? {};
    for (const call of calls?.values() ?? []) call.abort();
    if (calls) interpreter.signal('SIGINT');
    this.#ending = true;
    await interpreter.end(endMs);
    this.#ending = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Undefined when the interpreter does not answer in time, or ends. */
  async #ask(method: string, params: object, place: ScriptPlace): Promise<unknown> {
    const interpreter = await this.#start(place);
    // While a script runs its names stay as they are.
    if (!this.#running) await this.#question(interpreter, 'machines', pick(place));
    return this.#question(interpreter, method, params);
  }

  #question(interpreter: Interpreter, method: string, params: object): Promise<unknown> {
    const id = ++this.#lastQuestion;
    interpreter.send({ id, method, params });
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#questions.get(id)?.(undefined), questionMs);
      this.#questions.set(id, answer => {
        clearTimeout(timer);
        this.#questions.delete(id);
        resolve(answer);
      });
    });
  }

  async #tell(method: string, params: object): Promise<void> {
    (await this.#interpreter)?.send({ method, params });
  }

  #start({ cwd, env }: ScriptPlace): Promise<Interpreter> {
    this.#interpreter ??= this.#launch(cwd, env).catch(error => {
      this.#interpreter = undefined;
      throw error;
    });
    return this.#interpreter;
  }

  async #launch(cwd: string, env: NodeJS.ProcessEnv): Promise<Interpreter> {
    const interpreter = await Interpreter.start({
      cwd,
      env,
      message: message => this.#receive(interpreter, message),
      output: (text, stream) => this.#output?.write(text, stream),
      end: (how, lastWords) => this.#ended(how, lastWords),
    });
    interpreter.send({ method: 'methods', params: tableForPython() });
    interpreter.hold(false);
    return interpreter;
  }

  #receive(interpreter: Interpreter, { id, method, params, result }: Message): void {
    if (method === 'write') {
      const { stream, text } = params as { stream: 'stdout' | 'stderr'; text: string };
      this.#output?.write(text, stream);
    } else if (method === 'workspace') {
      this.#changed?.(params as WorkspaceChange);
    } else if (method === 'cancel') {
      this.#running?.calls.get((params as { id: number }).id)?.abort();
    } else if (method !== undefined) {
      void this.#serve(method, params, id!).then(answer =>
        interpreter.send({ id: id!, answer: encodeAnswer(answer) }),
      );
    } else if (id === 0) {
      this.#running?.finish(result as Outcome);
    } else {
      this.#questions.get(id!)?.(result);
    }
  }

  async #serve(method: string, params: unknown, id: number): Promise<RpcAnswer> {
    const running = this.#running;
    const handle = running?.handle ?? (this.#ending ? this.#last : undefined);
    if (!handle) return { error: toRpcError(late(method)) };
    const call = sharedController();
    if (running?.signal.aborted) call.abort();
    running?.calls.set(id, call);
    try {
      return { value: await handle(method, params, { signal: call.signal }) };
    } catch (error) {
      return { error: toRpcError(error) };
    } finally {
      running?.calls.delete(id);
    }
  }

  #ended(how: string, lastWords: string): void {
    this.#interpreter = undefined;
    for (const answer of this.#questions.values()) answer(undefined);
    const running = this.#running;
    if (!running) return;
    for (const call of running.calls.values()) call.abort();
    if (running.signal.aborted) {
      running.fail(new InterruptedError('the test script was killed; its variables are gone'));
      return;
    }
    running.fail(
      new TestScriptError({
        asked: `the Python interpreter of ${running.file} ${how}`,
        ...(lastWords ? { found: lastWords } : {}),
        todo: 'run the script again: a new interpreter starts, without the variables of this one',
      }),
    );
  }
}

/** What programs of a script wrote before its end is in pipes of their own: read, it comes in one of the next two turns. */
async function arrived(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** A thread of a script calls, and no script runs: nothing could show or interrupt what it asks for. */
function late(method: string): Error {
  return new TestScriptError({
    asked: `${method} was called after its script had ended`,
    todo: 'wait for threads before the script ends: thread.join()',
  });
}

const pick = ({ machines, cwd }: ScriptPlace) => ({ machines, cwd });
