/**
 * Python test scripts, the side of the child process: interpreter.ts is the process and its pipes, nxc_driver/ what runs in it.
 * What a script means is in ../python-driver.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { assetPath } from '../../assets.js';
import { decode, encode } from '../../codec.js';
import { TestScriptError } from '../script-error.js';

/** A call (`id` and `method`), something to know (`method`), or an answer to a call (`id`): the script's `result`, an `answer` of the front. */
export interface Message {
  id?: number;
  method?: string;
  /** Any data, encoded on its way. */
  params?: unknown;
  result?: unknown;
  /** Encoded (src/rpc.ts). */
  answer?: string;
}

export interface InterpreterOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  message(message: Message): void;
  /** What programs write that the script starts; its own prints are messages. */
  output(text: string, stream: 'stdout' | 'stderr'): void;
  /** The process is gone: `was killed by SIGKILL`, with the last it wrote to stderr. */
  end(how: string, lastWords: string): void;
}

/** How long a process that outlives its interpreter may keep the pipes open. */
const drainMs = 300;

/** python3 with the driver's package, in a process group of its own. It leads scripts' calls here as JSON lines on two pipes. */
export class Interpreter {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #lastWords = '';
  #broken: string | undefined;

  /** Resolves when the process runs; TestScriptError where there is no python3. */
  static async start(options: InterpreterOptions): Promise<Interpreter> {
    const child = spawn('python3', ['-u', assetPath('src/driver/python/main.py')], {
      cwd: options.cwd,
      env: { ...options.env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const interpreter = new Interpreter(child, options);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', cause => reject(missingPython(cause, options.cwd)));
    });
    return interpreter;
  }

  private constructor(child: ChildProcess, { message, output, end }: InterpreterOptions) {
    this.#child = child;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => output(text, 'stdout'));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
      output(text, 'stderr');
    });
    // Writing to an interpreter that just died: 'close' tells of it.
    (child.stdio[3] as Writable).on('error', () => {});
    createInterface({ input: child.stdio[4] as Readable }).on('line', line => {
      const read = readMessage(line);
      if (read) message(read);
      else this.#break(`wrote to the pipe between Python and nxc: ${line.slice(0, 80)}`);
    });
    child.once('exit', () => {
      // What the script started goes with it, and nothing that fled the group may keep its end from being noticed.
      this.signal('SIGKILL');
      const pipes = child.stdio.filter(pipe => pipe !== null);
      const timer = setTimeout(() => pipes.forEach(pipe => void pipe?.destroy()), drainMs);
      child.once('close', () => clearTimeout(timer));
    });
    this.#closed = new Promise(resolve => {
      child.once('close', (code, signal) => {
        const how = signal ? `was killed by ${signal}` : `ended with status ${code}`;
        end(this.#broken ?? how, this.#broken ? '' : this.#lastWords.trim());
        resolve();
      });
    });
  }

  send({ params, ...message }: Message): void {
    const encoded = params === undefined ? {} : { params: encode(params) };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ ...message, ...encoded })}\n`);
  }

  /** To the process and what its scripts started. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid!, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Ends it in order, its exit functions included; what has not ended by then is killed. */
  async end(withinMs: number): Promise<void> {
    this.hold(true);
    this.send({ method: 'end' });
    const timer = setTimeout(() => this.signal('SIGKILL'), withinMs);
    await this.#closed;
    clearTimeout(timer);
  }

  /** An idle interpreter does not keep this process alive; it ends by itself when this process does. */
  hold(hold: boolean): void {
    for (const handle of [this.#child, ...this.#child.stdio.slice(1)] as Array<{
      ref(): void;
      unref(): void;
    }>) {
      if (hold) handle.ref();
      else handle.unref();
    }
  }

  #break(how: string): void {
    this.#broken ??= how;
    this.signal('SIGKILL');
  }
}

function readMessage(line: string): Message | undefined {
  try {
    const { params, result, ...message } = JSON.parse(line) as Record<string, string>;
    return {
      ...message,
      ...(params === undefined ? {} : { params: decode(params) }),
      ...(result === undefined ? {} : { result: decode(result) }),
    };
  } catch {
    return undefined;
  }
}

function missingPython(cause: Error, cwd: string): Error {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return cause;
  return new TestScriptError({
    asked: `test scripts need python3, and it cannot be started in ${cwd}`,
    todo: 'install Python 3.8 or newer (Debian: apt install python3; Nix: nix profile install nixpkgs#python3)',
    cause,
  });
}
