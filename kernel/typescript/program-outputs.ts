import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { ProgramHeader, ProgramOutputsAddress, Stream } from './messages.js';

/** Bytes in which a connection must have said what it is, and milliseconds. */
const LONGEST_HEADER = 1024;
const PATIENCE = 10_000;

/**
 * Where programs write that cells start with inherited stdout or stderr. Each of these has a connection of its own, as long as any
 * descendant holds it, so that what it writes belongs to the cell that started it: however late that is, and whatever
 * the evaluator does meanwhile.
 */
export class ProgramOutputs {
  /** In Linux's abstract namespace, which leaves no file behind. Others see the path, so a connection must know the key. */
  readonly address: ProgramOutputsAddress = { path: `\0nxc-${randomUUID()}`, key: randomUUID() };
  readonly #connections = new Set<Socket>();
  readonly #server = createServer(socket => this.#accept(socket));

  constructor(private readonly show: (message: Stream) => void) {
    // Where there is no such namespace, programs write to what the evaluator itself inherited.
    this.#server.on('error', () => {});
    this.#server.listen(this.address.path);
    this.#server.unref();
  }

  /** Whether a program of a cell may have written something that has not been read yet. */
  get inUse(): boolean {
    return this.#connections.size > 0;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    socket.on('close', () => this.#connections.delete(socket));
    socket.on('error', () => {});
    socket.setTimeout(PATIENCE, () => socket.destroy());
    let unread = Buffer.alloc(0);
    const readHeader = (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      const end = unread.indexOf('\n');
      if (end < 0 && unread.length < LONGEST_HEADER) return;
      socket.off('data', readHeader);
      const header = this.#checked(unread.subarray(0, Math.max(0, end)).toString());
      if (!header) return void socket.destroy();
      socket.setTimeout(0);
      const decoder = new StringDecoder('utf8');
      const read = (bytes: Buffer) => {
        const text = decoder.write(bytes);
        if (text) this.show({ type: 'stream', ...header, text });
      };
      socket.on('data', read);
      read(unread.subarray(end + 1));
    };
    socket.on('data', readHeader);
  }

  #checked(line: string): Omit<ProgramHeader, 'key'> | undefined {
    try {
      const { key, cellId, name } = JSON.parse(line) as ProgramHeader;
      const [given, expected] = [Buffer.from(key), Buffer.from(this.address.key)];
      return given.length === expected.length && timingSafeEqual(given, expected)
        ? { cellId, name }
        : undefined;
    } catch {
      return undefined;
    }
  }
}
