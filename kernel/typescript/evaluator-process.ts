import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { endGroups } from '../../src/client.js';
import { type ChildPlace, takeChild } from './child-process.js';
import { channels, messageReader, type ToChild, type ToFront } from './messages.js';

export interface EvaluatorEvents {
  message(message: ToFront): void;
  /** What the child and its own children write to file descriptors 1 and 2, past `process.stdout`. */
  raw(name: 'stdout' | 'stderr', text: string): void;
  /** The process is gone and all that it sent has been delivered. `how` ends the sentence "the evaluator …". */
  gone(how: string): void;
}

/** Milliseconds to read what is left in the pipes of a dead child. */
const DRAIN = 200;

/** One evaluator child: a process group of its own that dies with this process. */
export class EvaluatorProcess {
  readonly #child: ChildProcess;
  readonly #incoming: Writable;
  readonly #watchdog: Writable;
  readonly #turns: Writable;
  #alive = true;
  #why: string | undefined;
  #ending = false;
  #turn = 0;
  #sequence = -1;

  constructor(place: ChildPlace, events: EvaluatorEvents) {
    this.#child = takeChild(place);
    const stdio: ReadonlyArray<unknown> = this.#child.stdio;
    this.#incoming = stdio[channels.incoming] as Writable;
    this.#watchdog = stdio[channels.watchdog] as Writable;
    this.#turns = stdio[channels.turns] as Writable;
    for (const stream of [this.#incoming, this.#watchdog, this.#turns]) stream.on('error', () => {});
    (stdio[channels.outgoing] as Readable).on(
      'data',
      messageReader<ToFront & { sequence: number }>(({ sequence, ...message }) => {
        if (sequence <= this.#sequence) return;
        this.#sequence = sequence;
        events.message(message);
      }),
    );
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new StringDecoder('utf8');
      this.#child[name]!.on('data', (chunk: Buffer) => events.raw(name, decoder.write(chunk)));
    }
    this.#child.on('error', error => events.gone(`could not be started: ${error.message}`));
    this.#child.on('exit', (code, signal) => {
      if (!this.#ending) this.kill();
      this.#alive = false;
      // A program that left the group may hold the pipes open for as long as it likes.
      const patience = setTimeout(() => this.#child.emit('close', code, signal), DRAIN);
      this.#child.once('close', () => {
        clearTimeout(patience);
        events.gone(this.#why ?? ending(code, signal));
      });
    });
  }

  send(message: ToChild): void {
    this.#incoming.write(`${JSON.stringify(message)}\n`);
  }

  /** The child waits until a message with this turn has been dealt with. */
  finished(turn: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(turn);
    this.#turns.write(bytes);
  }

  /** Interrupts one request, or all: through the main thread, and past it where it loops. */
  interrupt(id?: number): void {
    const message: ToChild = { type: 'interrupt', turn: ++this.#turn, ...(id === undefined ? {} : { id }) };
    this.send(message);
    this.#watchdog.write(`${JSON.stringify(message)}\n`);
  }

  /** Ctrl-C for the programs that cells wait for in a blocking call. The child itself does not mind. */
  interruptPrograms(): void {
    this.#signal('SIGINT');
  }

  /** Asks it to end in order; the programs that it started are then left to `endPrograms`. */
  end(): void {
    this.#ending = true;
    this.send({ type: 'end' });
  }

  /** Ends what the process started and left running when it ended in order. */
  async endPrograms(graceMs: number): Promise<void> {
    if (this.#ending && this.#child.pid !== undefined) await endGroups([this.#child.pid], graceMs);
  }

  /** `why` ends the sentence "the evaluator …" when it is gone. */
  kill(why?: string): void {
    this.#why ??= why;
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || !this.#alive) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function ending(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `was killed by ${signal}`;
  return code === 0 ? 'ended (process.exit was called)' : `ended with exit code ${code}`;
}
