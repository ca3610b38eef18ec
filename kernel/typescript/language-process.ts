import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { assetPath } from '../../src/client.js';
import { abortable } from '../abortable.js';
import type { LanguageAnswer, LanguageMethod, LanguageRequests } from './language/messages.js';

type Result<M extends LanguageMethod> = LanguageRequests[M]['result'];

/** Milliseconds after which a question counts as unanswered. */
const PATIENCE = 1000;

/**
 * The language process: started by the first question, and again by the first one after it died. Until it is ready, and
 * where it fails, answers are undefined; nothing here can make a cell fail or wait.
 */
export class LanguageProcess {
  #child: ChildProcess | undefined;
  #ready: Promise<boolean> | undefined;
  #isReady = false;
  #lastId = 0;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #learned = '';
  readonly #untaught: string[] = [];
  #teaching: Promise<void> | undefined;
  #declarations = '';
  #directory: string;
  #closed = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Where imports of cells start; the process starts anew there when it is next asked. */
  moveTo(directory: string): void {
    this.#directory = directory;
    this.#child?.kill('SIGKILL');
    // The cell that it is learning leaves the list without having been learned.
    if (this.#teaching && this.#untaught[0] !== undefined) this.#untaught.unshift(this.#untaught[0]);
    // Its end may be told late; until then questions would go to it.
    this.#forget();
  }

  /** Takes in a cell that ran. */
  learn(code: string): void {
    this.#untaught.push(code);
    if (this.#isReady) void this.#teach();
  }

  declare(declarations: string): void {
    this.#declarations = declarations;
    if (this.#isReady) void this.#ask('declare', { declarations });
  }

  /**
   * Undefined where there is no answer soon: the process is still starting, or busy, or broke. With `until` it waits for the
   * process, and until that knows all cells, unless the signal comes.
   */
  async ask<M extends 'complete' | 'inspect'>(
    method: M,
    parameters: LanguageRequests[M]['parameters'],
    until?: AbortSignal,
  ): Promise<Result<M> | undefined> {
    if (until) return abortable(this.#askLearned(method, parameters), until);
    void this.#start();
    if (!this.#isReady) return undefined;
    const given = new AbortController();
    const late = setTimeout(PATIENCE, undefined, { signal: given.signal }).catch(() => undefined);
    const answer = await Promise.race([this.#ask(method, parameters), late]);
    given.abort();
    return answer;
  }

  async #askLearned<M extends LanguageMethod>(
    method: M,
    parameters: LanguageRequests[M]['parameters'],
  ): Promise<Result<M> | undefined> {
    // A cell that breaks the process, or a change of directory, costs a start.
    for (let starts = 2 + this.#untaught.length; starts > 0; starts--) {
      if (await this.#start()) await this.#teach();
      const answer = this.#isReady ? await this.#ask(method, parameters) : undefined;
      if (answer !== undefined || this.#isReady) return answer;
    }
    return undefined;
  }

  /** Waits for the process as long as that lives; undefined when it cannot answer. */
  async diagnose(code: string): Promise<Result<'diagnose'> | undefined> {
    if (!(await this.#start())) return undefined;
    return this.#ask('diagnose', { code });
  }

  close(): void {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
  }

  #start(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.#ready ??= new Promise(resolve => {
      const child = fork(assetPath('dist/kernel/typescript/language/main.js'), {
        cwd: this.#directory,
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
        detached: true,
      });
      this.#child = child;
      child.on('message', (message: LanguageAnswer) => {
        if (this.#child !== child) return;
        if ('ready' in message) {
          this.#isReady = true;
          void this.#ask('restore', { learned: this.#learned });
          void this.#ask('declare', { declarations: this.#declarations });
          void this.#teach();
          resolve(true);
        } else {
          const settle = this.#waiting.get(message.id);
          this.#waiting.delete(message.id);
          settle?.('result' in message ? message.result : undefined);
        }
      });
      const gone = () => {
        resolve(false);
        if (this.#child === child) this.#forget();
      };
      child.on('error', gone);
      child.on('exit', gone);
    });
    return this.#ready;
  }

  /** The process is gone, and with it what it was asked. */
  #forget(): void {
    this.#child = undefined;
    this.#ready = undefined;
    this.#isReady = false;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }

  #teach(): Promise<void> {
    this.#teaching ??= this.#teachAll().finally(() => {
      this.#teaching = undefined;
    });
    return this.#teaching;
  }

  async #teachAll(): Promise<void> {
    // A cell leaves the list also without an answer: it may be what broke the process.
    for (; this.#isReady && this.#untaught.length; this.#untaught.shift()) {
      this.#learned = (await this.#ask('learn', { code: this.#untaught[0]! })) ?? this.#learned;
    }
  }

  #ask<M extends LanguageMethod>(
    method: M,
    parameters: LanguageRequests[M]['parameters'],
  ): Promise<Result<M> | undefined> {
    const id = ++this.#lastId;
    return new Promise(resolve => {
      this.#waiting.set(id, result => resolve(result as Result<M> | undefined));
      // Where the process just died its end settles this.
      this.#child?.send({ id, method, parameters }, () => {});
    });
  }
}
