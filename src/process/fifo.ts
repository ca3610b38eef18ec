import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

export const openReader = (path: string): number => openSync(path, O_RDONLY | O_NONBLOCK);
/** Fails with ENXIO when nobody reads the FIFO. */
export const openWriter = (path: string): number => openSync(path, O_WRONLY | O_NONBLOCK);
/** Never blocks and never fails for want of the other end. */
export const openBoth = (path: string): number => openSync(path, O_RDWR | O_NONBLOCK);

/** Bytes that a FIFO holds at most, unless an administrator allowed more (pipe(7), pipe-max-size). */
const MOST = 1 << 20;

// One buffer serves every FIFO: each chunk is copied out before the next is read.
const buffer = Buffer.allocUnsafe(64 * 1024);

/** Reads a FIFO on the event loop, without a thread of the pool. `onEnd` comes when its last writer is gone. */
export class FifoReader {
  private ended = false;
  private readonly socket: Socket;

  constructor(
    private readonly fd: number,
    private readonly onChunk: (chunk: Buffer) => void,
    private readonly onEnd: () => void = () => {},
  ) {
    const onread: OnReadOpts = {
      buffer,
      callback: (size, bytes) => {
        this.onChunk(Buffer.from(bytes.subarray(0, size)));
        return true;
      },
    };
    // Node documents `onread` for connect only; the constructor takes it as well.
    this.socket = new Socket({ fd, readable: true, writable: false, onread } as SocketConstructorOpts);
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.end());
    this.socket.on('end', () => this.end());
  }

  /** Reads what is in the FIFO now. Returns whether a writer is left that may write more. */
  drain(): boolean {
    // Of a writer that goes on meanwhile no more than can have been in it.
    for (let left = MOST; !this.ended && left > 0; ) {
      let size: number;
      try {
        size = readSync(this.fd, buffer);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return true;
        throw error;
      }
      if (size === 0) return false;
      this.onChunk(Buffer.from(buffer.subarray(0, size)));
      left -= size;
    }
    return !this.ended;
  }

  ref(): void {
    this.socket.ref();
  }

  unref(): void {
    this.socket.unref();
  }

  close(): void {
    this.ended = true;
    this.socket.destroy();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
  }
}

export function closeIfOpen(fd: number | undefined): void {
  if (fd !== undefined) closeSync(fd);
}
