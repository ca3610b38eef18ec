import { Console } from 'node:console';
import { StringDecoder } from 'node:string_decoder';
import type { Stream } from '../messages.js';
import { currentCell } from './cell-context.js';
import { encode, flushBefore, sendFrame } from './channel.js';

type Name = Stream['name'];

const BATCH = 64 * 1024;
/** Milliseconds that text may wait for more of its kind. */
const DELAY = 20;
/** Writes that do not wait, in each DELAY: code that writes a little and then computes for long lets no timer run. */
const PROMPT_WRITES = 32;
// Taken before cells may replace them, and before interrupts learn to cancel a cell's timers.
const { setTimeout, clearTimeout } = globalThis;

let pending = '';
let pendingCell: string | undefined;
let pendingName: Name = 'stdout';
let timer: NodeJS.Timeout | undefined;
let windowStart = 0;
let promptWrites = 0;
/** No timer will run any more. */
let exiting = false;

const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

/** The stream that a descriptor of this process is. */
export function nameOf(descriptor: unknown): Name | undefined {
  return descriptor === 1 ? 'stdout' : descriptor === 2 ? 'stderr' : undefined;
}

/** Adds text, or bytes of UTF-8, to the calling cell's output. */
export function write(name: Name, data: string | Buffer): void {
  const text = typeof data === 'string' ? data : decoders[name].write(data);
  if (!text) return;
  const cellId = currentCell()?.cellId;
  if (pending && (cellId !== pendingCell || name !== pendingName)) flush();
  pendingCell = cellId;
  pendingName = name;
  pending += text;
  if (pending.length > BATCH || exiting || isPrompt()) flush();
  else timer ??= setTimeout(flush, DELAY);
}

function isPrompt(): boolean {
  const now = performance.now();
  if (now - windowStart > DELAY) {
    windowStart = now;
    promptWrites = 0;
  }
  promptWrites += 1;
  return promptWrites <= PROMPT_WRITES;
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (!pending) return;
  const cellId = pendingCell;
  const frame = encode({
    type: 'stream',
    ...(cellId === undefined ? {} : { cellId }),
    name: pendingName,
    text: pending,
  });
  pending = '';
  sendFrame(frame);
}

/** From here on everything that the console and the two streams are given belongs to the cell whose code gave it. */
export function captureOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (
      chunk: string | Uint8Array,
      encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ) => {
      const encoding = typeof encodingOrDone === 'string' ? encodingOrDone : 'utf8';
      const plain = typeof chunk === 'string' && /^utf-?8$/i.test(encoding);
      write(name, plain ? chunk : toBuffer(chunk, encoding));
      const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      if (callback) process.nextTick(callback);
      return true;
    };
  }
  // Node's own console also tells the inspector, which keeps the last thousand values alive.
  const own = new Console({ stdout: process.stdout, stderr: process.stderr });
  const lacking = Object.entries(Object.getOwnPropertyDescriptors(console)).filter(
    ([name]) => !(name in own),
  );
  globalThis.console = Object.defineProperties(own, Object.fromEntries(lacking));
  flushBefore(flush);
  process.on('exit', () => {
    exiting = true;
    flush();
  });
}

function toBuffer(chunk: string | Uint8Array, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
}
