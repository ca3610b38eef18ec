import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { InterruptedError, NxcError } from '../errors.js';
import { TerminalText, terminalText } from '../terminal-text.js';
import type { Renderable } from './bundle.js';
import type { Display, Shown } from './display.js';
import { columnsOf } from './width.js';

export interface TerminalStreams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: Readonly<Record<string, string | undefined>>;
}

/** Milliseconds between two drawings in a TTY, and between two signs of life where output goes to a file. */
const REDRAW_MS = 100;
const HEARTBEAT_MS = 10_000;
const NEWLINE = 0x0a;

/**
 * The Display of a terminal. What is live stays below everything that is written and is redrawn in place; what has
 * settled becomes ordinary text. Without a TTY nothing is redrawn: settled things are printed once, as plain lines.
 * Whatever it is given reaches the terminal as `TerminalText`.
 */
export class TerminalDisplay implements Display {
  readonly #streams: TerminalStreams;
  readonly #tty: boolean;
  readonly #colour: boolean;
  readonly #live = new Set<LiveItem>();
  /** Columns of each line that is drawn in place. */
  #drawn: number[] = [];
  #drawnAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** A person is typing an answer: what is live must not be drawn over it. */
  #asking = false;
  /** An unfinished line was written; the live region must not begin on it. */
  #midLine = false;
  /** What programs have written last, while the rest of a character or sequence may come. */
  readonly #programs = new Map<'stdout' | 'stderr', ProgramText>();

  constructor(streams: TerminalStreams = processStreams) {
    this.#streams = streams;
    this.#tty = Boolean(streams.stdout.isTTY) && streams.env.TERM !== 'dumb';
    this.#colour = wantsColour(streams.env, this.#tty);
  }

  write(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    if (text === '') return;
    this.#erase();
    this.#streams[stream].write(this.#endProgram(stream) + this.#paint(text));
    this.#midLine = !text.endsWith('\n');
    this.#schedule();
  }

  writeBytes(bytes: Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): void {
    if (bytes.length === 0) return;
    this.#erase();
    const to = this.#streams[stream];
    // Files and pipes take any bytes.
    if (!to.isTTY) to.write(bytes);
    else {
      if (!this.#programs.has(stream)) this.#programs.set(stream, new ProgramText());
      to.write(this.#programs.get(stream)!.push(bytes));
    }
    this.#midLine = bytes.at(-1) !== NEWLINE;
    this.#schedule();
  }

  show(content: Renderable): Shown {
    const item: LiveItem = { content };
    this.#settleOrKeep(item);
    return {
      update: next => {
        if (!this.#live.has(item)) return;
        item.content = next;
        this.#settleOrKeep(item);
      },
    };
  }

  async ask(prompt: string, options: { password?: boolean; signal?: AbortSignal } = {}): Promise<string> {
    const { stdin, stderr } = this.#streams;
    if (!stdin.isTTY) {
      throw new NxcError({
        asked: `a question cannot be answered here: ${prompt.trim()}`,
        found: 'the standard input is not a terminal',
        todo: 'run the command in a terminal, or give the answer as an option',
      });
    }
    this.#erase();
    this.#asking = true;
    const question = this.#paint(prompt);
    const reader = createInterface({ input: stdin, output: stderr, terminal: true });
    if (options.password) hideTyping(reader, question);
    try {
      return await new Promise<string>((resolve, reject) => {
        const stop = () => reject(new InterruptedError());
        options.signal?.addEventListener('abort', stop, { once: true });
        reader.once('SIGINT', stop);
        reader.once('close', stop);
        reader.question(question, resolve);
      });
    } finally {
      reader.close();
      this.#asking = false;
      this.#schedule();
    }
  }

  /** Leaves what is still live as it stands, so that the shell's prompt comes after it. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stream of this.#programs.keys()) this.#streams[stream].write(this.#endProgram(stream));
    if (this.#tty) this.#draw();
    else for (const item of this.#live) this.#print(item.content);
    this.#live.clear();
    this.#drawn = [];
  }

  #settleOrKeep(item: LiveItem): void {
    if (item.content.live) {
      this.#live.add(item);
      this.#schedule();
      return;
    }
    this.#live.delete(item);
    this.#erase();
    this.#print(item.content);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#live.size === 0 || this.#timer) return;
    const period = this.#tty ? REDRAW_MS : HEARTBEAT_MS;
    if (this.#drawnAt === 0 && !this.#tty) this.#drawnAt = Date.now();
    const wait = Math.max(0, this.#drawnAt + period - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, wait);
    this.#timer.unref();
  }

  #draw(): void {
    if (this.#asking) return;
    this.#drawnAt = Date.now();
    if (!this.#tty) {
      for (const item of this.#live) this.#print(item.content);
      return;
    }
    this.#erase();
    if (this.#live.size === 0) return;
    const { stdout } = this.#streams;
    const all = [...this.#live].flatMap(item => this.#text(item.content).split('\n'));
    const lines = all.slice(-Math.max(1, (stdout.rows ?? 24) - 1));
    stdout.write(this.#paint(`${this.#midLine ? '\n' : ''}${lines.join('\n')}\n`));
    this.#midLine = false;
    this.#drawn = lines.map(columnsOf);
  }

  #erase(): void {
    if (this.#drawn.length === 0) return;
    // Counted now: in a terminal that was made narrower, lines that were drawn before take more rows. What a person typed, say the ^C
    // that a terminal echoes, stands before the cursor.
    const columns = this.#columns();
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    this.#streams.stdout.write(`\r\x1b[${rows}A\x1b[J`);
    this.#drawn = [];
  }

  #print(content: Renderable): void {
    const text = this.#text(content);
    if (text === '') return;
    this.#streams.stdout.write(this.#paint(`${this.#midLine ? '\n' : ''}${text}\n`));
    this.#midLine = false;
  }

  #text(content: Renderable): string {
    if (content.toTerminal) return content.toTerminal(this.#columns()).replace(/\n$/, '');
    const bundle = content.toMimeBundle();
    // A picture that is still being made is told by name rather than awaited: calls here return at once.
    return bundle instanceof Promise ? '' : bundle['text/plain'].replace(/\n$/, '');
  }

  #paint(text: string): string {
    const clean = terminalText(text);
    return this.#colour ? clean : stripVTControlCharacters(clean);
  }

  #endProgram(stream: 'stdout' | 'stderr'): string {
    const rest = this.#programs.get(stream)?.end() ?? '';
    this.#programs.delete(stream);
    return rest;
  }

  #columns(): number {
    // A file and a pipe are as wide as need be.
    return this.#tty ? this.#streams.stdout.columns || 100 : Number.POSITIVE_INFINITY;
  }
}

interface LiveItem {
  content: Renderable;
}

/** Bytes of a program for a terminal. */
class ProgramText {
  readonly #decoder = new StringDecoder('utf8');
  readonly #text = new TerminalText();

  push(bytes: Uint8Array): string {
    return this.#text.push(
      this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    );
  }

  end(): string {
    return this.#text.push(this.#decoder.end()) + this.#text.end();
  }
}

/** Few commands read their standard input, and opening it takes time. */
const processStreams: TerminalStreams = {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  env: process.env,
};

/** NO_COLOR (no-color.org) wins over FORCE_COLOR; otherwise colours are for a TTY. */
function wantsColour(env: TerminalStreams['env'], tty: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return tty;
}

/** readline echoes what is typed through `_writeToOutput`: only the prompt may pass. */
function hideTyping(reader: ReturnType<typeof createInterface>, prompt: string): void {
  const inner = reader as unknown as { _writeToOutput(text: string): void; output: NodeJS.WritableStream };
  inner._writeToOutput = text => {
    if (text.includes(prompt)) inner.output.write(prompt);
    else if (/^\r?\n$/.test(text)) inner.output.write(text);
  };
}
