import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeIfOpen, FifoReader, openBoth, openReader } from '../../process/fifo.js';
import { quote } from '../../process/quote.js';
import type { TransportError } from '../errors.js';
import type { ExecOptions } from '../transport.js';

/** Bytes that are written in the calling turn; more goes through the thread pool. */
const smallFile = 64 * 1024;

/** One place for one command at a time: a shell on the node that waits for it, and the FIFOs around it. */
export class Slot {
  /** Process group of the command that runs or will run next; undefined until the agent told it. */
  private group?: number;
  private groupKnown?: (group: number) => void;
  private request?: number;
  private readers: FifoReader[] = [];
  private ended?: { resolve: (status: number) => void; reject: (error: Error) => void };
  /** The process on the node that starts its shells and tells of their ends. */
  keeper = 0;

  constructor(
    private readonly folder: string,
    readonly number: number,
  ) {}

  /** Whether a shell waits already. */
  get warm(): boolean {
    return this.group !== undefined;
  }

  /** Whether a command runs. */
  get busy(): boolean {
    return this.ended !== undefined;
  }

  /** The agent made the FIFOs: hold our end, and say so. */
  attach(keeper: number): void {
    this.keeper = keeper;
    this.request = openBoth(this.path('request'));
    writeSync(this.request, '\n');
  }

  /** The agent has a shell waiting here. */
  started(group: number): void {
    this.group = group;
    this.groupKnown?.(group);
  }

  /** Process group of the command that runs. */
  async running(): Promise<number> {
    return (
      this.group ??
      new Promise(resolve => {
        this.groupKnown = resolve;
      })
    );
  }

  /** Resolves with the status when the agent reports it. All output written before the command's end was seen by then. */
  async run(
    command: string,
    options: ExecOptions,
    out: (b: Buffer) => void,
    err: (b: Buffer) => void,
  ): Promise<number> {
    await this.write('command', command);
    if (options.stdin !== undefined) await this.write('stdin', options.stdin);
    const prepare = preparation(options);
    if (prepare) await this.write('prepare', prepare);
    if (this.request === undefined) throw new Error('the slot was closed meanwhile');
    this.readers = [
      new FifoReader(openReader(this.path('out')), out),
      new FifoReader(openReader(this.path('err')), err),
    ];
    const flags = [
      prepare ? 'e' : '',
      options.stdin === undefined ? '' : 'i',
      options.pipefail === false ? '' : 'p',
    ].join('');
    const status = new Promise<number>((resolve, reject) => {
      this.ended = { resolve, reject };
    });
    writeSync(this.request, `run ${flags || '-'} ${options.user ?? '-'} .\n`);
    return status;
  }

  /** The agent reported the end. */
  done(status: number): void {
    this.group = undefined;
    this.ended?.resolve(status);
    this.ended = undefined;
  }

  /** It will not report an end any more. Returns the process group of what runs on without it. */
  fail(error: TransportError): number {
    this.ended?.reject(error);
    this.ended = undefined;
    return this.group ?? 0;
  }

  /** Takes the last output. False when a child that was left behind still holds it: then the slot must not be used again. */
  settle(): boolean {
    const held = this.readers.filter(reader => reader.drain());
    for (const reader of this.readers) {
      // Such a child keeps a reader, or it would die of SIGPIPE.
      if (held.includes(reader)) reader.unref();
      else reader.close();
    }
    this.readers = [];
    return held.length === 0;
  }

  /** Its shell ends by itself at the end of file. */
  close(): void {
    for (const reader of this.readers) reader.close();
    closeIfOpen(this.request);
    this.request = undefined;
    for (const kind of ['request', 'out', 'err', 'command', 'prepare', 'stdin']) {
      rmSync(this.path(kind), { force: true });
    }
  }

  private path(kind: string): string {
    return join(this.folder, `${this.number}.${kind}`);
  }

  private async write(kind: string, content: string | Uint8Array): Promise<void> {
    const path = this.path(kind);
    try {
      await put(path, content);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      // It was given to the user of an earlier command (as-user.sh): it cannot be written to, but be replaced.
      rmSync(path);
      await put(path, content);
    }
  }
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  if (content.length <= smallFile) writeFileSync(path, content, { mode: 0o600 });
  else await writeFile(path, content, { mode: 0o600 });
}

function preparation({ env = {}, cwd }: ExecOptions): string {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
  if (cwd !== undefined) lines.push(`cd -- ${quote(cwd)}`);
  return lines.length ? `${lines.join('\n')}\n` : '';
}
