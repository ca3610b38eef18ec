import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { assetPath } from '../assets.js';
import type { Display } from '../display/display.js';
import { InterruptedError } from '../errors.js';
import { type RpcErrorShape, type RpcHandler, toRpcError } from '../rpc.js';
import type { MachineDescription } from './driver.js';
import { type Method, machineMethods } from './methods.js';
import { snakeCase } from './naming.js';
import { type ScriptFailure, scriptError, TestScriptError } from './script-error.js';

/** How long a script may take to end after SIGINT before its process group is killed and its variables are lost. */
const graceMs = 2000;

export interface ScriptRun {
  /** What errors call the source: `testScript`, `In[4]`, a path. */
  file: string;
  /** Line of the file on which the source begins, from 0. */
  firstLine?: number;
  machines: readonly MachineDescription[];
  /** Serves the script's calls. */
  handle: RpcHandler;
  display: Display;
  signal: AbortSignal;
  /** Where the script works, from the first run with this value on. */
  cwd: string;
  /** Of a new interpreter. */
  env: NodeJS.ProcessEnv;
}

type Outcome = { status: number } | { failure: ScriptFailure };

interface Running extends ScriptRun {
  calls: AbortController;
  finish(outcome: Outcome): void;
  fail(error: Error): void;
}

type Message = { id?: number; method?: string; params?: unknown; result?: unknown };

/**
 * Python test scripts, run by python3 in a child process that keeps their variables from run to run. What scripts call is
 * served by the front, over JSON lines on two pipes beside the script's own stdout and stderr.
 */
export class PythonDriver implements AsyncDisposable {
  #child: ChildProcess | undefined;
  #running: Running | undefined;
  #lastWords = '';

  /**
   * Runs a source and gives its exit status: 0, or what `sys.exit` said. Throws AssertionFailed, TransportError,
   * TestScriptError or InterruptedError, each with the script's line. One run at a time.
   */
  async run(source: string, run: ScriptRun): Promise<number> {
    if (run.signal.aborted) throw new InterruptedError();
    if (this.#running) {
      throw new TestScriptError({
        asked: `${run.file} cannot run: test scripts share one interpreter, and ${this.#running.file} still runs in it`,
        todo: 'wait until it has ended, or interrupt it',
      });
    }
    const calls = new AbortController();
    const outcome = new Promise<Outcome>((finish, fail) => {
      this.#running = { ...run, calls, finish, fail };
    });
    let child: ChildProcess;
    let kill: NodeJS.Timeout | undefined;
    const interrupt = () => {
      calls.abort();
      signalGroup(child, 'SIGINT');
      kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
    };
    try {
      child = this.#child ?? (await this.#spawn(run));
      if (run.signal.aborted) throw new InterruptedError();
      run.signal.addEventListener('abort', interrupt);
      const { file, machines, cwd, firstLine = 0 } = run;
      const params = { source: '\n'.repeat(firstLine) + source, file, machines, cwd };
      holdProcess(child, true);
      this.#send({ id: 0, method: 'run', params });
      const end = await outcome;
      if ('failure' in end) throw scriptError(end.failure);
      return end.status;
    } finally {
      this.#running = undefined;
      holdProcess(this.#child, false);
      clearTimeout(kill);
      run.signal.removeEventListener('abort', interrupt);
    }
  }

  /** Ends the interpreter and what its scripts started. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise(resolve => child.once('close', resolve));
    holdProcess(child, true);
    signalGroup(child, 'SIGKILL');
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #spawn({ cwd, env }: ScriptRun): Promise<ChildProcess> {
    const child = spawn('python3', ['-u', assetPath('src/driver/python/nxc_driver.py')], {
      cwd,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', cause => reject(missingPython(cause)));
    });
    this.#lastWords = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#running?.display.write(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
      this.#running?.display.write(text, 'stderr');
    });
    // Writing to an interpreter that just died: 'close' tells of it.
    (child.stdio[3] as Writable).on('error', () => {});
    const lines = createInterface({ input: child.stdio[4] as Readable });
    lines.on('line', line => this.#receive(JSON.parse(line) as Message));
    child.once('close', (code, signal) => this.#closed(code, signal));
    this.#child = child;
    this.#send({ method: 'methods', params: { machine: machineMethods.map(forPython) } });
    return child;
  }

  #send(message: object): void {
    (this.#child?.stdio[3] as Writable | undefined)?.write(`${JSON.stringify(message)}\n`);
  }

  #receive({ id, method, params, result }: Message): void {
    const running = this.#running;
    const answer = (reply: { result: unknown } | { error: RpcErrorShape }) => this.#send({ id, ...reply });
    if (method === 'write') {
      const { stream, text } = params as { stream: 'stdout' | 'stderr'; text: string };
      running?.display.write(text, stream);
    } else if (method === undefined) {
      running?.finish(result as Outcome);
    } else if (running) {
      running.handle(method, params, { signal: running.calls.signal }).then(
        value => answer({ result: value ?? null }),
        error => answer({ error: toRpcError(error) }),
      );
    } else {
      answer({ error: toRpcError(ended(method)) });
    }
  }

  #closed(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    const running = this.#running;
    if (!running) return;
    running.calls.abort();
    if (running.signal.aborted) {
      running.fail(new InterruptedError('the test script was killed; its variables are gone'));
      return;
    }
    running.fail(
      new TestScriptError({
        asked: `the Python interpreter of ${running.file} ${signal ? `was killed by ${signal}` : `ended with status ${code}`}`,
        ...(this.#lastWords ? { found: this.#lastWords.trimEnd() } : {}),
        todo: 'run the script again: a new interpreter starts, without the variables of this one',
      }),
    );
  }
}

/** An idle interpreter does not keep this process alive; it ends by itself when this process does. */
function holdProcess(child: ChildProcess | undefined, hold: boolean): void {
  if (!child) return;
  for (const handle of [child, ...child.stdio.slice(1)] as Array<{ ref(): void; unref(): void }>) {
    if (hold) handle.ref();
    else handle.unref();
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A thread of a script calls, and no script runs: nothing could show or interrupt what it asks for. */
function ended(method: string): Error {
  return new TestScriptError({
    asked: `${method} was called after its script had ended`,
    todo: 'wait for threads before the script ends: thread.join()',
  });
}

function missingPython(cause: unknown): Error {
  return new TestScriptError({
    asked: 'test scripts need python3, and it is not on the PATH',
    todo: 'install Python 3.8 or newer (Debian: apt install python3; Nix: nix profile install nixpkgs#python3)',
    cause,
  });
}

/** A method as nxc_driver.py reads it: names in snake_case, with the name that the call has on the wire. */
function forPython(method: Method) {
  return {
    ...method,
    wire: method.name,
    name: snakeCase(method.name),
    aliases: method.aliases ?? [],
    parameters: method.parameters.map(p => ({ ...p, wire: p.name, name: snakeCase(p.name) })),
  };
}
